import { describe, expect, it } from 'vitest'
import { exactEvaluator } from './exact.ts'
import { gradients, mul, SurprisalError, tensor } from './index.ts'

describe('exactEvaluator', () => {
  it('computes in float64 from given values', () => {
    const x = tensor([1, 2])
    const evaluate = exactEvaluator([x.mul(x).add(1)], [x])
    expect(Array.from(evaluate([Float64Array.of(1e-9, 3)])[0])).toEqual([1 + 1e-18, 10])
    expect(Array.from(evaluate([Float64Array.of(0.1, 0)])[0])).toEqual([0.1 * 0.1 + 1, 1])
  })

  it('computes gradients in float64 and several outputs at once', () => {
    const x = tensor([2])
    const y = x.square().sum()
    const [value, slope] = exactEvaluator([y, ...gradients(y, [x])], [x])([Float64Array.of(1 / 3)])
    expect(value[0]).toBe((1 / 3) ** 2)
    expect(slope[0]).toBe(2 / 3)
  })

  it('leaves what the tensors hold alone', async () => {
    const x = tensor([1, 2])
    exactEvaluator([x.exp()], [x])([Float64Array.of(5, 6)])
    expect(Array.from(await x.data())).toEqual([1, 2])
  })

  it('gives a leaf that is an output the value it was given', () => {
    const x = tensor([1, 2])
    const given = Float64Array.of(5, 6)
    const [value] = exactEvaluator([x], [x])([given])
    expect(value).toEqual(given)
    expect(value).not.toBe(given)
  })

  it('keeps outputs that depend on no leaf', () => {
    const [x, y] = [tensor([1]), tensor([4])]
    const outputs = exactEvaluator([y, y.mul(0.5)], [x])([Float64Array.of(9)])
    expect(outputs).toEqual([Float64Array.of(4), Float64Array.of(2)])
  })

  it('refuses a leaf that holds no data', () => {
    const lazy = mul(tensor([1]), 2)
    expect(() => exactEvaluator([lazy], [lazy])).toThrow(
      new SurprisalError('argument', 'exactEvaluator: leaf 0 must hold data'),
    )
  })
})
