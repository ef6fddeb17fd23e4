import { normal, randomKey, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { exactSearch } from '../dense/exact-search.ts'
import { mmr } from './mmr.ts'

const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0)

/** The definition, with the similarities of every pair. */
function naive(query: number[], documents: number[][], lambda: number, k: number): number[] {
  const picked: number[] = []
  while (picked.length < Math.min(k, documents.length)) {
    const value = (i: number) => {
      const penalty = picked.length === 0 ? 0 : Math.max(...picked.map(p => dot(documents[i], documents[p])))
      return lambda * dot(query, documents[i]) - (1 - lambda) * penalty
    }
    const left = documents.map((_, i) => i).filter(i => !picked.includes(i))
    picked.push(left.reduce((best, i) => (value(i) > value(best) ? i : best)))
  }
  return picked
}

describe('mmr', () => {
  it('answers the example of its documentation', async () => {
    expect(
      await mmr(
        tensor([1, 0.5]),
        tensor([
          [1, 0],
          [1, 0.1],
          [0, 1],
        ]),
        { k: 2 },
      ),
    ).toEqual([1, 2])
  })

  it.each([0, 0.3, 0.5, 0.9, 1])('equals the definition with lambda %f', async lambda => {
    const documents = normal(randomKey(8), [15, 4])
    const query = normal(randomKey(9), [4])
    const flat = [...(await documents.data())]
    const rows = Array.from({ length: 15 }, (_, i) => flat.slice(i * 4, i * 4 + 4))
    for (const k of [1, 6, 15, 99]) {
      expect(await mmr(query, documents, { lambda, k })).toEqual(naive([...(await query.data())], rows, lambda, k))
    }
  })

  it('is exact search when only relevance counts', async () => {
    const documents = normal(randomKey(10), [30, 6])
    const query = normal(randomKey(11), [6])
    const { indices } = await exactSearch(documents, query.reshape([1, 6]), { k: 8 })
    expect(await mmr(query, documents, { lambda: 1, k: 8 })).toEqual([...(await indices.data())])
  })

  it('puts a copy last, and takes the lower index of equals', async () => {
    const documents = tensor([
      [1, 0],
      [1, 0],
      [0.6, 0.8],
    ])
    expect(await mmr(tensor([1, 0.2]), documents)).toEqual([0, 2, 1])
    expect(
      await mmr(
        tensor([1, 0]),
        tensor([
          [1, 0],
          [1, 0],
        ]),
        { k: 1 },
      ),
    ).toEqual([0])
  })

  it('picks nothing of nothing', async () => {
    expect(await mmr(tensor([1, 0]), tensor([], { shape: [0, 2] }))).toEqual([])
  })

  it.each([
    ['lambda must be in [0, 1], got 2', tensor([1, 2]), { lambda: 2 }],
    ['k must be an integer >= 1, got 0', tensor([1, 2]), { k: 0 }],
    ['dimension 3 of query != 2 of documents', tensor([1, 2, 3]), {}],
    ['query must be a tensor [d], got shape [1, 2]', tensor([[1, 2]]), {}],
    ['query row 0 must be finite, got NaN', tensor([1, Number.NaN]), {}],
  ])('refuses: %s', async (message, query, options) => {
    await expect(mmr(query, tensor([[1, 2]]), options)).rejects.toThrow(`mmr: ${message}`)
  })
})
