import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { exactSearch } from './exact-search.ts'

const vectors = tensor([
  [1, 0],
  [0, 2],
  [3, 4],
])

async function read(result: Awaited<ReturnType<typeof exactSearch>>) {
  return {
    shape: result.indices.shape,
    indices: [...(await result.indices.data())],
    scores: [...(await result.scores.data())],
  }
}

describe('exactSearch', () => {
  it('answers the example of its documentation', async () => {
    const { indices } = await exactSearch(
      tensor([
        [1, 0],
        [0, 1],
      ]),
      tensor([[0.2, 1]]),
      { k: 1 },
    )
    expect(await indices.data()).toEqual(Int32Array.of(1))
  })

  it('finds rows for each query', async () => {
    const result = await exactSearch(
      vectors,
      tensor([
        [1, 0],
        [0, 1],
      ]),
      { k: 2, metric: 'l2' },
    )
    expect(result.indices.dtype).toBe('int32')
    expect(await read(result)).toEqual({ shape: [2, 2], indices: [0, 1, 1, 0], scores: [0, 5, 1, 2] })
  })

  it('returns all rows when k is larger', async () => {
    expect((await read(await exactSearch(vectors, tensor([[1, 1]]), { k: 99 }))).indices).toEqual([2, 1, 0])
  })

  it('takes no vectors and no queries', async () => {
    const none = await exactSearch(tensor([], { shape: [0, 2] }), tensor([[1, 1]]))
    expect(await read(none)).toEqual({ shape: [1, 0], indices: [], scores: [] })
    const unasked = await exactSearch(vectors, tensor([], { shape: [0, 2] }))
    expect(await read(unasked)).toEqual({ shape: [0, 3], indices: [], scores: [] })
  })

  it.each([
    ['dimension 5 of queries != 2 of the index', tensor([[1, 2, 3, 4, 5]]), {}],
    ['queries must be a tensor [m, d], got shape [2]', tensor([1, 2]), {}],
    ['k must be an integer >= 1, got 0', tensor([[1, 2]]), { k: 0 }],
    ['metric must be one of dot, cosine, l2, got ip', tensor([[1, 2]]), { metric: 'ip' as 'dot' }],
    [
      'queries row 1 must be finite, got NaN',
      tensor([
        [1, 2],
        [Number.NaN, 1],
      ]),
      {},
    ],
    ['queries row 0 is a zero vector, which has no cosine', tensor([[0, 0]]), { metric: 'cosine' as const }],
    ['queries must be float32, got int32', tensor([[1, 2]], { dtype: 'int32' }), {}],
  ])('refuses: %s', async (message, queries, options) => {
    await expect(exactSearch(vectors, queries, options)).rejects.toThrow(`exactSearch: ${message}`)
  })

  it('names a bad row of the vectors', async () => {
    const query = tensor([[1, 1]])
    await expect(
      exactSearch(
        tensor([
          [1, 1],
          [1, Infinity],
        ]),
        query,
      ),
    ).rejects.toThrow('exactSearch: vectors row 1 must be finite, got Infinity')
    await expect(
      exactSearch(
        tensor([
          [1, 1],
          [0, 0],
        ]),
        query,
        { metric: 'cosine' },
      ),
    ).rejects.toThrow('exactSearch: vectors row 1 is a zero vector, which has no cosine')
  })
})
