import { gradients, normal, randomKey, SurprisalError, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { Embedding, embedding } from './embedding.ts'

const ids = (data: number[] | number[][]) => tensor(data, { dtype: 'int32' })
const table = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
])

describe('embedding', () => {
  it('takes the rows of its ids, in any shape', () => {
    const found = embedding(
      ids([
        [2, 0],
        [1, 2],
      ]),
      table,
    )
    expect(found.shape).toEqual([2, 2, 2])
    expect(Array.from(found.dataSync())).toEqual([5, 6, 1, 2, 3, 4, 5, 6])
    expect(embedding(tensor(1, { dtype: 'int32' }), table).shape).toEqual([2])
    expect(embedding(ids([]), table).shape).toEqual([0, 2])
  })

  it('adds up the gradients of repeated ids', () => {
    const loss = embedding(ids([2, 2, 0]), table)
      .mul(tensor([[1], [10], [100]]))
      .sum()
    expect(Array.from(gradients(loss, [table])[0].dataSync())).toEqual([100, 100, 0, 0, 11, 11])
    gradcheck(weight => embedding(ids([2, 2, 0]), weight).square(), [table], { order: 2 })
  })

  it('keeps the padding row out of the gradient and in the value', () => {
    const found = embedding(ids([2, 1]), table, { paddingIdx: 2 })
    expect(Array.from(found.dataSync())).toEqual([5, 6, 3, 4])
    expect(Array.from(gradients(found.sum(), [table])[0].dataSync())).toEqual([0, 0, 1, 1, 0, 0])
  })

  it.each([3, -1])('refuses the id %d at the read', async id => {
    await expect(embedding(ids([0, id]), table).data()).rejects.toThrow(String(id))
  })

  it.each([3, -1, 0.5])('refuses the padding row %d', paddingIdx => {
    expect(() => embedding(ids([0]), table, { paddingIdx })).toThrow(
      new SurprisalError('argument', `embedding: paddingIdx must be in [0, 3), got ${paddingIdx}`),
    )
  })

  it('refuses what is no tensor', () => {
    expect(() => embedding([0] as never, table)).toThrow('embedding: ids must be a tensor, got an array of 1')
    expect(() => embedding(ids([0]), {} as never)).toThrow('embedding: weight must be a tensor, got an object Object')
  })
})

describe('Embedding', () => {
  it('starts from N(0, std^2)', async () => {
    const layer = new Embedding(200, 50, { key: 0, std: 0.5 })
    const data = Array.from(await layer.weight.value.data())
    const mean = data.reduce((sum, x) => sum + x, 0) / data.length
    const deviation = Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length)
    expect(Math.abs(mean)).toBeLessThan(0.02)
    expect(deviation).toBeCloseTo(0.5, 1)
    expect(Object.keys(layer.stateDict())).toEqual(['weight'])
  })

  it('starts its padding row at zero, which then has no gradient', () => {
    const layer = new Embedding(3, 2, { key: 1, paddingIdx: 0 })
    const data = Array.from(layer.weight.value.dataSync())
    expect(data.slice(0, 2)).toEqual([0, 0])
    expect(data.slice(2).every(x => x !== 0)).toBe(true)
    const [grad] = gradients(layer.forward(ids([0, 1])).sum(), [layer.weight])
    expect(Array.from(grad.dataSync())).toEqual([0, 0, 1, 1, 0, 0])
  })

  it('takes its key or the seed of one', () => {
    const [a, b] = [3, randomKey(3)].map(key => new Embedding(2, 2, { key }).weight.value.dataSync())
    expect(a).toEqual(b)
    expect(a).toEqual(normal(3, [2, 2]).dataSync())
  })

  it.each([
    [[0, 2, {}], 'Embedding: numEmbeddings must be a whole number from 1, got 0'],
    [[2, -1, {}], 'Embedding: embeddingDim must be a whole number from 1, got -1'],
    [[2, 2, { paddingIdx: 2 }], 'Embedding: paddingIdx must be in [0, 2), got 2'],
  ] as const)('refuses %j', ([rows, dim, options], message) => {
    expect(() => new Embedding(rows, dim, { key: 0, ...options })).toThrow(new SurprisalError('argument', message))
  })
})
