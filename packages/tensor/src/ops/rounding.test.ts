import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectClose, expectError, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { ceil, clamp, floor, frac, nanToNum, round, trunc } from './rounding.ts'

describe('rounding', () => {
  const x = [2.5, -2.5, 0.5, 1.5, -0.5, 3.7, NaN, Infinity, -0]

  it.each([
    ['floor', floor, [2, -3, 0, 1, -1, 3, NaN, Infinity, -0]],
    ['ceil', ceil, [3, -2, 1, 2, -0, 4, NaN, Infinity, -0]],
    ['round', round, [2, -2, 0, 2, -0, 4, NaN, Infinity, -0]],
    ['trunc', trunc, [2, -2, 0, 1, -0, 3, NaN, Infinity, -0]],
  ] as const)('%s', (_name, f, expected) => {
    expectTensor(f(float(x)), 'float32', [9], expected)
    expect(slope(f, float([1.25, 2]))).toEqual([0, 0])
  })

  it('returns integers and bools unchanged', () => {
    for (const f of [floor, ceil, round, trunc])
      for (const dtype of ['int32', 'uint8', 'int8', 'bool'] as const)
        expectTensor(f(tensorOf(dtype, [1, 0])), dtype, [2], [1, 0])
  })

  it('frac keeps the sign', () => {
    expectTensor(frac(float([2.5, -2.25, 3, -0.75])), 'float32', [4], [0.5, -0.25, 0, -0.75])
    expectTensor(frac(tensorOf('int32', [5, -5])), 'int32', [2], [0, 0])
    expectError(() => frac(tensorOf('bool', [1])), 'dtype', 'frac: expected a numeric dtype, got bool')
    gradcheck(frac, [float([1.25, -2.5])])
  })

  it('round never moves a number by more than a half', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), value => {
        const [rounded] = numbers(round(float([value])))
        expect(Number.isInteger(rounded)).toBe(true)
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.5)
      }),
      { numRuns: 40 },
    )
  })
})

describe('clamp', () => {
  it('holds numbers between bounds and keeps NaN', () => {
    const x = float([-3, -1, 0, 1, 2, NaN])
    expectTensor(clamp(x, { min: -1, max: 1 }), 'float32', [6], [-1, -1, 0, 1, 1, NaN])
    expectTensor(clamp(x, { min: 0 }), 'float32', [6], [0, 0, 0, 1, 2, NaN])
    expectTensor(clamp(x, { max: 0 }), 'float32', [6], [-3, -1, 0, 0, 0, NaN])
    expectTensor(clamp(x, {}), 'float32', [6], [-3, -1, 0, 1, 2, NaN])
    expectTensor(clamp(x), 'float32', [6], [-3, -1, 0, 1, 2, NaN])
    expectTensor(clamp(float([0, 5]), { min: 3, max: 1 }), 'float32', [2], [1, 1])
  })

  it('keeps integers where the bounds are integers', () => {
    expectTensor(clamp(tensorOf('int32', [-5, 5]), { min: 0, max: 3 }), 'int32', [2], [0, 3])
    expectTensor(clamp(tensorOf('int32', [-5, 5]), { min: 0.5 }), 'float32', [2], [0.5, 5])
    expectTensor(clamp(tensorOf('uint8', [1, 9]), { max: Infinity }), 'float32', [2], [1, 9])
    expectTensor(clamp(tensorOf('float16', [1, 9]), { max: 2.5 }), 'float16', [2], [1, 2.5])
    expectError(() => clamp(tensorOf('uint8', [1]), { max: 300 }), 'dtype', 'clamp: 300 does not fit uint8')
  })

  it('passes the gradient at its bounds, and not at NaN', () => {
    const x = float([-3, -1, 0, 1, 2, NaN])
    expect(slope(y => clamp(y, { min: -1, max: 1 }), x)).toEqual([0, 1, 1, 1, 0, 0])
    expect(slope(y => clamp(y, { min: -1 }), x)).toEqual([0, 1, 1, 1, 1, 0])
    expect(slope(y => clamp(y, { max: 1 }), x)).toEqual([1, 1, 1, 1, 0, 0])
    gradcheck(y => clamp(y, { min: -0.5, max: 0.5 }), [float([-1, 0.25, 1])], { order: 2 })
  })

  it('rejects what is no bound', () => {
    const x = float([1])
    expectError(() => clamp(x, { min: '0' as never }), 'argument', 'clamp: min must be a number, got string 0')
    expectError(() => clamp(x, { max: NaN }), 'argument', 'clamp: max must be a number, got NaN')
    expectError(() => clamp(x, 0 as never), 'argument', 'clamp: options must be an object, got 0')
  })
})

describe('nanToNum', () => {
  const x = [NaN, Infinity, -Infinity, 1.5]

  it('uses the ends of the finite range', () => {
    expectClose(nanToNum(float(x)), [0, 3.4028234663852886e38, -3.4028234663852886e38, 1.5])
    expectTensor(nanToNum(tensorOf('float16', x)), 'float16', [4], [0, 65504, -65504, 1.5])
  })

  it('uses the given numbers', () => {
    expectTensor(nanToNum(float(x), { nan: -1, posinf: 5, neginf: 6 }), 'float32', [4], [-1, 5, 6, 1.5])
    expectTensor(nanToNum(float([NaN]), { nan: Infinity, posinf: 5 }), 'float32', [1], [Infinity])
    expectTensor(nanToNum(tensorOf('int32', [3])), 'int32', [1], [3])
    expectError(() => nanToNum(float(x), { posinf: NaN }), 'argument', 'nanToNum: posinf must be a number, got NaN')
  })

  it('passes no gradient where it replaced', () => {
    expect(slope(nanToNum, float(x))).toEqual([0, 0, 0, 1])
  })
})
