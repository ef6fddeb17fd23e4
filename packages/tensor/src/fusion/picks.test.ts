import { afterEach, describe, expect, it } from 'vitest'
import {
  arange,
  explain,
  gradients,
  normal,
  ones,
  randomKey,
  setExecutor,
  type Tensor,
  tensor,
  where,
} from '../index.ts'
import { registerReference } from '../reference.ts'

const [rows, classes] = [6, 9]
const leaf = (shape: readonly number[], seed: number): Tensor => {
  const x = normal(randomKey(seed), shape)
  x.dataSync()
  return x
}
const x = leaf([rows, classes], 1)
const each = leaf([rows], 2)
const ids = tensor([0, 8, -1, 9, 3, 100], { dtype: 'int32' })
const list = (y: Tensor) => Array.from(y.dataSync())
const reductions = (...targets: Tensor[]): number =>
  explain(...targets)
    .groups.flatMap(({ ops }) => ops)
    .filter(name => name === 'sum').length

registerReference()
afterEach(() => setExecutor('wasm'))

describe('a sum of rows in which one element is not 0', () => {
  const oneHot = (values: Tensor) => where(arange(classes).equal(ids.unsqueeze(1)), values.unsqueeze(1), 0)

  it('is that element, and 0 where the place is outside of the row', () => {
    const sum = oneHot(each).sum({ dim: 1 })
    expect(reductions(sum)).toBe(0)
    const values = list(each)
    expect(list(sum)).toEqual([values[0], values[1], 0, 0, values[4], 0])
    expect(list(oneHot(each.mul(Number.NaN)).sum({ dim: 1 }))).toEqual([Number.NaN, Number.NaN, 0, 0, Number.NaN, 0])
  })

  it('makes no sum of the gradient of a cross-entropy', () => {
    const target = tensor([0, 8, 1, 2, 3, 4], { dtype: 'int32' })
    const build = () => {
      const loss = x.logSoftmax({ dim: 1 }).gather(1, target.unsqueeze(1)).mean().neg()
      return gradients(loss, [x])[0]
    }
    expect(reductions(build())).toBe(1)
    const got = list(build())
    setExecutor('reference')
    list(build()).forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 6)
    })
  })

  it.each([
    ['elements that differ along the row', () => where(arange(classes).equal(ids.unsqueeze(1)), x, 0).sum({ dim: 1 })],
    [
      'places that do not start at 0',
      () => where(arange(1, 10).equal(ids.unsqueeze(1)), each.unsqueeze(1), 0).sum({ dim: 1 }),
    ],
    [
      'another value than 0 elsewhere',
      () => where(arange(classes).equal(ids.unsqueeze(1)), each.unsqueeze(1), 1).sum({ dim: 1 }),
    ],
    ['another comparison', () => where(arange(classes).less(ids.unsqueeze(1)), each.unsqueeze(1), 0).sum({ dim: 1 })],
    ['other dims', () => oneHot(each).sum({ dim: 0 })],
    ['all dims', () => oneHot(each).sum()],
    ['a part of the row', () => oneHot(each).slice(1, { end: 4 }).sum({ dim: 1 })],
    [
      'places in a row turned around',
      () => where(arange(classes).flip([0]).equal(ids.unsqueeze(1)), each.unsqueeze(1), 0).sum({ dim: 1 }),
    ],
  ])('is computed as it stands with %s', (_, build) => {
    expect(reductions(build())).toBeGreaterThan(0)
    const got = list(build())
    setExecutor('reference')
    list(build()).forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 5)
    })
  })

  it('keeps positions and sums that look alike apart', () => {
    const plain = arange(5).add(ones([3, 5], { dtype: 'int32' }))
    const other = arange(1, 6).add(ones([3, 5], { dtype: 'int32' }))
    expect(list(plain.sub(other))).toEqual(Array.from({ length: 15 }, () => -1))
  })
})
