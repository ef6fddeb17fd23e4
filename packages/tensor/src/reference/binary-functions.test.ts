import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binaryFunction } from './binary-functions.ts'

const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minusInf } = Number
const float = (name: Parameters<typeof binaryFunction>[0]) => binaryFunction(name, 'float32')
const integer = (name: Parameters<typeof binaryFunction>[0]) => binaryFunction(name, 'int32')
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })

describe('float functions', () => {
  it.each([
    ['div', 1, 0, inf],
    ['div', -1, 0, minusInf],
    ['div', 0, 0, nan],
    ['floorDivide', 7, 2, 3],
    ['floorDivide', -7, 2, -4],
    ['floorDivide', 1, 0, inf],
    ['floorDivide', -1, 0, minusInf],
    ['floorDivide', 0, 0, nan],
    ['remainder', 7, 3, 1],
    ['remainder', -7, 3, 2],
    ['remainder', 7, -3, -2],
    ['remainder', -7, -3, -1],
    ['remainder', -6, 3, 0],
    ['remainder', 6, -3, -0],
    ['remainder', 1, 0, nan],
    ['fmod', -7, 3, -1],
    ['fmod', 7, -3, 1],
    ['fmod', 1, 0, nan],
    ['pow', 1, nan, 1],
    ['pow', nan, 0, 1],
    ['pow', -1, inf, 1],
    ['pow', -1, minusInf, 1],
    ['pow', -2, 3, -8],
    ['pow', -2, 0.5, nan],
    ['pow', 0, -1, inf],
    ['pow', -0, -1, minusInf],
    ['hypot', 3, -4, 5],
    ['hypot', inf, nan, inf],
    ['hypot', nan, 1, nan],
    ['atan2', 0, -1, Math.PI],
    ['atan2', -0, -1, -Math.PI],
    ['logaddexp', minusInf, minusInf, minusInf],
    ['logaddexp', inf, inf, inf],
    ['logaddexp', minusInf, 3, 3],
    ['logaddexp', inf, minusInf, inf],
    ['logaddexp', nan, 1, nan],
    ['logaddexp', 1000, 1000, 1000 + Math.LN2],
    ['maximum', nan, 1, nan],
    ['maximum', 1, nan, nan],
    ['maximum', -0, 0, 0],
    ['minimum', 1, nan, nan],
    ['minimum', -0, 0, -0],
    ['fmax', nan, 1, 1],
    ['fmax', 1, nan, 1],
    ['fmax', nan, nan, nan],
    ['fmin', nan, 1, 1],
    ['fmin', 2, nan, 2],
    ['fmin', 2, -3, -3],
  ] as const)('%s(%d, %d)', (name, a, b, expected) => {
    expect(float(name)(a, b)).toBe(expected)
  })

  it('NaN is equal to nothing and true in logic', () => {
    for (const name of ['equal', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const) {
      expect(float(name)(nan, nan)).toBe(0)
      expect(float(name)(nan, 1)).toBe(0)
    }
    expect(float('notEqual')(nan, nan)).toBe(1)
    expect([float('logicalAnd')(nan, 1), float('logicalOr')(nan, 0), float('logicalXor')(nan, 0)]).toEqual([1, 1, 1])
    expect([float('logicalAnd')(0, 1), float('logicalOr')(0, -0), float('logicalXor')(2, 3)]).toEqual([0, 0, 0])
  })

  it('comparisons order numbers and treat both zeros alike', () => {
    const table = {
      equal: [0, 1, 0],
      notEqual: [1, 0, 1],
      less: [1, 0, 0],
      lessEqual: [1, 1, 0],
      greater: [0, 0, 1],
      greaterEqual: [0, 1, 1],
    }
    for (const [name, expected] of Object.entries(table)) {
      const compare = float(name as 'equal')
      expect([compare(1, 2), compare(2, 2), compare(3, 2)]).toEqual(expected)
    }
    expect(float('equal')(0, -0)).toBe(1)
  })
})

describe('integer functions', () => {
  it.each([
    ['floorDivide', -7, 2, -4],
    ['floorDivide', 7, -2, -4],
    ['floorDivide', 5, 0, 0],
    ['remainder', -7, 3, 2],
    ['remainder', 7, -3, -2],
    ['remainder', 5, 0, 0],
    ['fmod', -7, 3, -1],
    ['fmod', 5, 0, 0],
    ['pow', 3, 4, 81],
    ['pow', -3, 3, -27],
    ['pow', 2, 31, -(2 ** 31)],
    ['pow', 2, 32, 0],
    ['pow', 7, 0, 1],
    ['pow', 0, 0, 1],
    ['pow', 1, -5, 1],
    ['pow', -1, -5, -1],
    ['pow', -1, -4, 1],
    ['pow', 5, -1, 0],
    ['pow', 0, -1, 0],
    ['mul', 65537, 65537, 131073],
    ['shiftLeft', 1, 31, -(2 ** 31)],
    ['shiftLeft', 1, 32, 0],
    ['shiftLeft', 1, -1, 0],
    ['shiftRight', -8, 1, -4],
    ['shiftRight', -8, 40, -1],
    ['shiftRight', -8, -1, -1],
    ['shiftRight', 8, 32, 0],
    ['bitwiseAnd', 12, 10, 8],
    ['bitwiseOr', 12, 10, 14],
    ['bitwiseXor', 12, 10, 6],
  ] as const)('%s(%d, %d)', (name, a, b, expected) => {
    expect(integer(name)(a, b) | 0).toBe(expected)
  })

  it('the smallest number over -1 wraps to itself and leaves nothing', () => {
    const smallest = -(2 ** 31)
    expect(integer('floorDivide')(smallest, -1) | 0).toBe(smallest)
    expect(integer('remainder')(smallest, -1) | 0).toBe(0)
    expect(integer('fmod')(smallest, -1) | 0).toBe(0)
  })

  it('quotient and remainder make up the dividend, exactly', () => {
    fc.assert(
      fc.property(
        int32,
        int32.filter(b => b !== 0),
        (a, b) => {
          const rest = integer('remainder')(a, b)
          expect(integer('floorDivide')(a, b) * b + rest).toBe(a)
          expect(rest === 0 || rest < 0 === b < 0).toBe(true)
          expect(Math.abs(rest)).toBeLessThan(Math.abs(b))
        },
      ),
    )
  })

  it('pow is repeated wrapping multiplication', () => {
    fc.assert(
      fc.property(int32, fc.integer({ min: 0, max: 40 }), (a, b) => {
        let product = 1
        for (let k = 0; k < b; k++) product = Math.imul(product, a)
        expect(integer('pow')(a, b)).toBe(product)
      }),
    )
  })
})

describe('bool functions', () => {
  it('addition is or, multiplication is and', () => {
    const pairs = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]
    const all = (name: 'add' | 'mul' | 'bitwiseXor'): number[] =>
      pairs.map(([a, b]) => binaryFunction(name, 'bool')(a, b))
    expect(all('add')).toEqual([0, 1, 1, 1])
    expect(all('mul')).toEqual([0, 0, 0, 1])
    expect(all('bitwiseXor')).toEqual([0, 1, 1, 0])
  })
})
