import { normal, randomKey } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { exactSearch } from './exact-search.ts'
import { FlatIndex } from './flat-index.ts'
import type { Metric } from './vectors.ts'

describe('FlatIndex', () => {
  it('answers the example of its documentation', () => {
    const index = new FlatIndex({ dim: 2 })
    index.add(['east', 'north'], new Float32Array([1, 0, 0, 1]))
    expect(index.search([0.5, 1], { k: 1 })).toEqual([{ id: 'north', score: 1 }])
  })

  it.each<Metric>(['dot', 'cosine', 'l2'])('equals exactSearch under %s', async metric => {
    const [n, m, dim] = [300, 7, 12]
    const vectors = normal(randomKey(1), [n, dim])
    const queries = normal(randomKey(2), [m, dim])
    const index = new FlatIndex({ dim, metric })
    index.add(
      Array.from({ length: n }, (_, i) => i),
      vectors.dataSync() as Float32Array,
    )
    const hits = index.searchBatch(queries.dataSync(), { k: 9 })
    const { indices, scores } = await exactSearch(vectors, queries, { k: 9, metric })
    expect(hits.flat().map(hit => hit.id)).toEqual([...(await indices.data())])
    expect(hits.flat().map(hit => hit.score)).toEqual([...(await scores.data())])
  })

  it('finds each vector as its own nearest', () => {
    const [n, dim] = [200, 8]
    const vectors = normal(randomKey(3), [n, dim]).dataSync() as Float32Array
    for (const metric of ['cosine', 'l2'] as const) {
      const index = new FlatIndex({ dim, metric })
      index.add(
        Array.from({ length: n }, (_, i) => i),
        vectors,
      )
      expect(index.searchBatch(vectors, { k: 1 }).map(([hit]) => hit.id)).toEqual(
        Array.from({ length: n }, (_, i) => i),
      )
    }
  })

  it('keeps ties in the order of insertion, scaled copies under cosine too', () => {
    const index = new FlatIndex({ dim: 2, metric: 'cosine' })
    index.add(['x3', 'x1', 'x7'], Float32Array.of(0.3, 0.9, 0.1, 0.3, 0.7, 2.1))
    expect(index.search([1, 3]).map(hit => hit.id)).toEqual(['x3', 'x1', 'x7'])
  })

  it('returns vectors by id, as copies', () => {
    const index = new FlatIndex({ dim: 2 })
    index.add(['a', 'b'], Float32Array.of(1, 2, 3, 4))
    const vector = index.vector('b')
    expect(vector).toEqual(Float32Array.of(3, 4))
    vector?.fill(0)
    expect(index.vector('b')).toEqual(Float32Array.of(3, 4))
    expect(index.vector('c')).toBeUndefined()
  })

  it('copies what it is given', () => {
    const given = Float32Array.of(1, 2)
    const index = new FlatIndex({ dim: 2 })
    index.add(['a'], given)
    given.fill(9)
    expect(index.vector('a')).toEqual(Float32Array.of(1, 2))
  })

  it('counts four bytes a value', () => {
    const index = new FlatIndex({ dim: 2, metric: 'l2' })
    index.add(['a', 'b'], Float32Array.of(1, 2, 3, 4))
    expect(index.stats()).toEqual({ count: 2, dim: 2, metric: 'l2', bytes: 16 })
  })

  it('lists the metrics it knows', () => {
    expect(() => new FlatIndex({ dim: 2, metric: 'l1' as Metric })).toThrow(
      'FlatIndex: metric must be one of dot, cosine, l2, got l1',
    )
  })
})
