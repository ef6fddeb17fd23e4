import { describe, expect, it } from 'vitest'
import { explain, full, normal, randomKey, type Tensor } from '../index.ts'

const leaf = (shape: readonly number[]): Tensor => {
  const x = normal(randomKey(1), shape)
  x.dataSync()
  return x
}
const kinds = (target: Tensor) => explain(target).groups.map(({ kind, shape }) => `${kind} ${shape}`)

describe('a sum of more elements than a row has', () => {
  it('is one of rows, in the kernel that makes them, and one of their sums', () => {
    const x = leaf([300, 400])
    expect(kinds(x.mul(2).logSoftmax({ dim: 1 }).neg().mean())).toEqual(['rows 300,400', 'rows 300'])
  })

  it('has the same value', async () => {
    const x = leaf([3, 200, 300])
    const expected = Array.from(await x.data()).reduce((sum, value) => sum + value, 0)
    expect(await x.sum().item()).toBeCloseTo(expected, 2)
    expect(await full([70, 1000], 2).add(0).prod().item()).toBe(Number.POSITIVE_INFINITY)
    expect(await x.max().item()).toBe(Array.from(await x.data()).reduce((most, value) => Math.max(most, value)))
  })

  it('stays one where rows are short, and where the place is asked for', () => {
    expect(kinds(leaf([20, 30]).sum())).toHaveLength(1)
    expect(kinds(leaf([300, 400]).argmax())).toHaveLength(1)
  })
})
