import { normal, randomKey } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { BinaryIndex, type Rescoring } from './binary-index.ts'
import { FlatIndex } from './flat-index.ts'
import { Int8Index } from './int8-index.ts'

const [n, m, dim] = [500, 20, 64]
const ids = Array.from({ length: n }, (_, i) => i)
const vectors = normal(randomKey(6), [n, dim]).dataSync() as Float32Array
/** Noisy copies of the first rows, so that there is something to find. */
const noise = normal(randomKey(7), [m, dim]).dataSync()
const queries = Float32Array.from(noise, (x, i) => vectors[i] + 0.7 * x)

function filled(rescore: Rescoring, metric: 'dot' | 'cosine' = 'cosine'): BinaryIndex {
  const index = new BinaryIndex({ dim, rescore, metric })
  index.add(ids, vectors)
  return index
}

describe('BinaryIndex', () => {
  it('answers the example of its documentation', () => {
    const index = new BinaryIndex({ dim: 2 })
    index.add(['north-east', 'south-west'], new Float32Array([1, 2, -1, -2]))
    expect(index.search([1, 1], { k: 1 })).toEqual([{ id: 'north-east', score: 3 }])
  })

  it.each(['dot', 'cosine'] as const)('with enough candidates equals exact search under %s', metric => {
    const flat = new FlatIndex({ dim, metric })
    const int8 = new Int8Index({ dim, metric })
    flat.add(ids, vectors)
    int8.add(ids, vectors)
    const all = { k: 10, oversample: 50 }
    expect(filled('float32', metric).searchBatch(queries, all)).toEqual(flat.searchBatch(queries, { k: 10 }))
    expect(filled('int8', metric).searchBatch(queries, all)).toEqual(int8.searchBatch(queries, { k: 10 }))
  })

  it('finds the copies by its bits alone, and more of the neighbours with more candidates', () => {
    const flat = new FlatIndex({ dim, metric: 'cosine' })
    flat.add(ids, vectors)
    const exact = flat.searchBatch(queries).map(hits => new Set(hits.map(hit => hit.id)))
    const recall = (index: BinaryIndex, oversample: number) =>
      index.searchBatch(queries, { oversample }).flatMap((hits, q) => hits.filter(hit => exact[q].has(hit.id))).length /
      (10 * m)
    expect(
      filled('none')
        .searchBatch(queries, { k: 1 })
        .map(([hit]) => hit.id),
    ).toEqual(ids.slice(0, m))
    const [one, two, four] = [1, 2, 4].map(oversample => recall(filled('float32'), oversample))
    expect(one).toBeLessThan(two)
    expect(two).toBeLessThan(four)
    expect(four).toBeGreaterThan(0.75)
  })

  it('without rescoring scores the +-1 vectors', () => {
    const index = new BinaryIndex({ dim: 3, rescore: 'none' })
    index.add(['a', 'b'], Float32Array.of(5, -1, 2, -1, -1, 0))
    expect(index.search([1, 2, 4])).toEqual([
      { id: 'a', score: 3 },
      { id: 'b', score: -7 },
    ])
    const cosine = new BinaryIndex({ dim: 4, rescore: 'none', metric: 'cosine' })
    cosine.add(['a'], Float32Array.of(5, 1, 2, 3))
    expect(cosine.search([2, 2, 2, 2])).toEqual([{ id: 'a', score: 1 }])
  })

  it('filters before it chooses candidates', () => {
    const wanted = new Set([3, 77, 499])
    const hits = filled('int8').search(vectors.subarray(0, dim), { k: 5, filter: id => wanted.has(id as number) })
    expect(hits.map(hit => hit.id).sort()).toEqual([3, 499, 77])
  })

  it('counts bits and rescoring vectors', () => {
    expect(filled('none').stats().bytes).toBe(n * 8)
    expect(filled('int8').stats().bytes).toBe(n * (8 + 64 + 4))
    expect(filled('float32').stats().bytes).toBe(n * (8 + 256))
  })

  it('names options that it does not know', () => {
    expect(() => new BinaryIndex({ dim: 2, metric: 'l2' as 'dot' })).toThrow(
      'BinaryIndex: metric must be one of dot, cosine, got l2',
    )
    expect(() => new BinaryIndex({ dim: 2, rescore: 'pq' as 'none' })).toThrow(
      'BinaryIndex: rescore must be one of float32, int8, none, got pq',
    )
    expect(() => filled('none').search(queries.subarray(0, dim), { oversample: 0.5 })).toThrow(
      'BinaryIndex.search: oversample must be an integer >= 1, got 0.5',
    )
  })
})
