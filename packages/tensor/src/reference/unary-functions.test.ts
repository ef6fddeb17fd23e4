import { describe, expect, it } from 'vitest'
import { unaryFunction, unaryFunctions } from './unary-functions.ts'

const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minusInf } = Number

describe('unaryFunctions', () => {
  it('round takes halves to even and keeps the sign of zero', () => {
    const cases = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999999999999994, -0.3, 0.3, -0, 0, 8388609.5, 2 ** 52 + 1, -3.7]
    expect(cases.map(unaryFunctions.round)).toEqual([0, 2, 2, -0, -2, -2, 0, -0, 0, -0, 0, 8388610, 2 ** 52 + 1, -4])
    expect([nan, inf, minusInf].map(unaryFunctions.round)).toEqual([nan, inf, minusInf])
  })

  it('sign keeps NaN and the sign of zero', () => {
    expect([nan, 0, -0, inf, minusInf, 3, -0.1].map(unaryFunctions.sign)).toEqual([nan, 0, -0, 1, -1, 1, -1])
  })

  it('sigmoid stays in [0, 1] and keeps tiny values', () => {
    const { sigmoid } = unaryFunctions
    expect([inf, minusInf, 0, nan, 1000, -1000].map(sigmoid)).toEqual([1, 0, 0.5, nan, 1, 0])
    expect(sigmoid(-100) / Math.exp(-100)).toBeCloseTo(1, 12)
    expect(sigmoid(2) + sigmoid(-2)).toBeCloseTo(1, 15)
  })

  it('softplus is stable at both ends', () => {
    const { softplus } = unaryFunctions
    expect([inf, minusInf, nan, 800, -800, 0].map(softplus)).toEqual([inf, 0, nan, 800, 0, Math.LN2])
    expect(softplus(-40) / Math.exp(-40)).toBeCloseTo(1, 12)
    expect(softplus(3) - softplus(-3)).toBeCloseTo(3, 14)
  })

  it('predicates give 0 and 1', () => {
    const cases = [nan, inf, minusInf, 0, -0, 2]
    expect(cases.map(unaryFunctions.isnan)).toEqual([1, 0, 0, 0, 0, 0])
    expect(cases.map(unaryFunctions.isinf)).toEqual([0, 1, 1, 0, 0, 0])
    expect(cases.map(unaryFunctions.isfinite)).toEqual([0, 0, 0, 1, 1, 1])
    expect(cases.map(unaryFunctions.logicalNot)).toEqual([0, 0, 0, 1, 1, 0])
  })

  it('roots, reciprocals and logarithms have IEEE poles', () => {
    expect([unaryFunctions.rsqrt(0), unaryFunctions.rsqrt(-0), unaryFunctions.rsqrt(-1)]).toEqual([inf, minusInf, nan])
    expect([unaryFunctions.reciprocal(0), unaryFunctions.reciprocal(-0)]).toEqual([inf, minusInf])
    expect([unaryFunctions.log(0), unaryFunctions.log(-1), unaryFunctions.log1p(-1)]).toEqual([minusInf, nan, minusInf])
    expect(unaryFunctions.sqrt(-0)).toBe(-0)
  })

  it.each([
    ['exp2', 10, 1024],
    ['exp2', -1074, 2 ** -1074],
    ['log2', 8, 3],
    ['log10', 1000, 3],
    ['expm1', 1e-10, 1.00000000005e-10],
    ['log1p', 1e-10, 9.9999999995e-11],
    ['asinh', 0.5, 0.48121182505960347],
    ['acosh', 2, 1.3169578969248166],
    ['atanh', 0.5, 0.5493061443340548],
    ['tanh', 0.5, 0.4621171572600097],
    ['sinh', 1, 1.1752011936438014],
    ['cosh', 1, 1.5430806348152437],
    ['tan', 1, 1.5574077246549023],
    ['erf', 0.5, 0.5204998778130465],
    ['erfc', 0.5, 0.4795001221869535],
    ['sin', 1e6, -0.349993502171293],
    ['cos', 1e6, 0.9367521275331447],
  ] as const)('%s(%d)', (name, x, expected) => {
    expect(Math.abs(unaryFunctions[name](x) / expected - 1)).toBeLessThan(1e-14)
  })
})

describe('unaryFunction', () => {
  it('bitwiseNot flips a bool but all bits of an integer', () => {
    expect([0, 1].map(unaryFunction('bitwiseNot', 'bool'))).toEqual([1, 0])
    expect([0, 1, -1].map(unaryFunction('bitwiseNot', 'int32'))).toEqual([-1, -2, 0])
  })
})
