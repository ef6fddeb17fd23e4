import { compile, gradients, SurprisalError, type Tensor, tensor, zeros } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { embeddingBag } from './embedding-bag.ts'

const int = (data: number[]) => tensor(data, { dtype: 'int32' })
const table = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
])

describe('embeddingBag', () => {
  it('sums weighted rows by bag; an empty bag is 0', () => {
    const sums = embeddingBag(table, int([0, 2, 2]), int([0, 0, 2]), tensor([1, 2, 10]), { bags: 3 })
    expect(sums.shape).toEqual([3, 2])
    expect(Array.from(sums.dataSync())).toEqual([11, 14, 0, 0, 50, 60])
  })

  it('agrees with a plain loop', () => {
    const place = fc.tuple(fc.nat(2), fc.nat(3), fc.integer({ min: -4, max: 4 }))
    fc.assert(
      fc.property(fc.array(place, { maxLength: 12 }), places => {
        const wanted = new Array<number>(8).fill(0)
        const rows = table.dataSync()
        for (const [id, bag, weight] of places) for (const d of [0, 1]) wanted[bag * 2 + d] += weight * rows[id * 2 + d]
        const [ids, bags, weights] = [0, 1, 2].map(k => places.map(entry => entry[k]))
        const sums = embeddingBag(table, int(ids), int(bags), tensor(weights), { bags: 4 })
        expect(Array.from(sums.dataSync())).toEqual(wanted)
      }),
      { numRuns: 50 },
    )
  })

  it('agrees with differences towards rows and weights, to the second order', () => {
    gradcheck(
      (rows, weights) => embeddingBag(rows, int([0, 2, 2, 1]), int([1, 1, 0, 0]), weights, { bags: 2 }).square(),
      [table, tensor([0.5, -1, 2, 1.5])],
      { order: 2 },
    )
  })

  it('leaves rows that no place reads without gradient', () => {
    const sums = embeddingBag(table, int([1]), int([0]), tensor([3]), { bags: 1 })
    expect(Array.from(gradients(sums.sum(), [table])[0].dataSync())).toEqual([0, 0, 3, 3, 0, 0])
  })

  it.each([
    [[zeros([3]), int([0]), int([0]), zeros([1])], 'embeddingBag: weight must be a matrix, got shape [3]'],
    [[table, int([0]), int([0, 0]), zeros([1])], 'embeddingBag: bagIds must have shape [1], got [2]'],
    [[table, int([0]), int([0]), zeros([1, 1])], 'embeddingBag: perSampleWeights must have shape [1], got [1, 1]'],
    [[table, int([3]), int([0]), zeros([1])], 'embeddingBag: ids holds 3, out of range [0, 3)'],
    [[table, int([0]), int([-1]), zeros([1])], 'embeddingBag: bagIds holds -1, out of range [0, 1)'],
    [[table, zeros([1]), int([0]), zeros([1])], 'embeddingBag: ids must be int32, got float32'],
    [[table, [0], int([0]), zeros([1])], 'embeddingBag: ids must be a tensor, got an array of 1'],
  ] as const)('refuses wrong arguments', (args, message) => {
    const [weight, ids, bagIds, weights] = args as never as Parameters<typeof embeddingBag>
    expect(() => embeddingBag(weight, ids, bagIds, weights, { bags: 1 })).toThrow(message)
  })

  it('looks at indices that only a read gives when it is read', () => {
    const sums = compile((ids: Tensor, bagIds: Tensor) => embeddingBag(table, ids, bagIds, tensor([1, 2]), { bags: 2 }))
    expect(Array.from(sums(int([0, 2]), int([1, 1])).dataSync())).toEqual([0, 0, 11, 14])
    expect(() => sums(int([0, 3]), int([1, 1])).dataSync()).toThrow('embeddingBag: ids holds 3, out of range [0, 3)')
    expect(() => sums(int([0, 2]), int([2, 1])).dataSync()).toThrow('embeddingBag: bagIds holds 2, out of range [0, 2)')
  })

  it('refuses a number of bags that is none', () => {
    expect(() => embeddingBag(table, int([]), int([]), zeros([0]), { bags: 0.5 })).toThrow(
      new SurprisalError('argument', 'embeddingBag: bags must be a whole number from 0, got 0.5'),
    )
  })
})
