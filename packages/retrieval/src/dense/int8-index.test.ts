import { normal, randomKey } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { FlatIndex } from './flat-index.ts'
import { Int8Index } from './int8-index.ts'
import type { Metric } from './vectors.ts'

const [n, m, dim] = [400, 20, 24]
const vectors = normal(randomKey(4), [n, dim]).dataSync() as Float32Array
const queries = normal(randomKey(5), [m, dim]).dataSync() as Float32Array
const ids = Array.from({ length: n }, (_, i) => i)

describe('Int8Index', () => {
  it('answers the example of its documentation', () => {
    const index = new Int8Index({ dim: 2, metric: 'cosine' })
    index.add(['east', 'north'], new Float32Array([1, 0, 0, 1]))
    expect(index.search([3, 0], { k: 1 })).toEqual([{ id: 'east', score: 1 }])
  })

  it.each<Metric>(['dot', 'cosine', 'l2'])('under %s equals a FlatIndex of the vectors its codes stand for', metric => {
    const index = new Int8Index({ dim, metric })
    index.add(ids, vectors)
    const flat = new FlatIndex({ dim, metric })
    flat.add(ids, Float32Array.from(ids.flatMap(id => [...index.vector(id)!])))
    const expected = flat.searchBatch(queries, { k: 5 }).flat()
    const found = index.searchBatch(queries, { k: 5 }).flat()
    expect(found.map(hit => hit.id)).toEqual(expected.map(hit => hit.id))
    for (const [i, hit] of found.entries()) expect(hit.score).toBeCloseTo(expected[i].score, 5)
  })

  it.each<Metric>(['dot', 'cosine', 'l2'])('under %s loses little against float32', metric => {
    const index = new Int8Index({ dim, metric })
    const flat = new FlatIndex({ dim, metric })
    index.add(ids, vectors)
    flat.add(ids, vectors)
    const exact = flat.searchBatch(queries).map(hits => new Set(hits.map(hit => hit.id)))
    const found = index.searchBatch(queries).flatMap((hits, q) => hits.filter(hit => exact[q].has(hit.id)))
    expect(found.length / (10 * m)).toBeGreaterThan(0.95)
  })

  it('stays within half a step of each value', () => {
    const index = new Int8Index({ dim })
    index.add(ids, vectors)
    for (const id of ids) {
      const row = vectors.subarray(id * dim, (id + 1) * dim)
      const step = Math.max(...row.map(Math.abs)) / 127
      for (const [j, value] of index.vector(id)!.entries()) {
        expect(Math.abs(value - row[j])).toBeLessThanOrEqual(step * 0.50001)
      }
    }
    expect(index.vector(-1)).toBeUndefined()
  })

  it('scores a vector too small for any code as if it had no direction', () => {
    const index = new Int8Index({ dim: 2, metric: 'cosine' })
    index.add(['tiny', 'plain'], Float32Array.of(1e-45, 0, -1, 0))
    expect(index.search([1, 0])).toEqual([
      { id: 'tiny', score: 0 },
      { id: 'plain', score: -1 },
    ])
  })

  it('reports distances of 0 or more under l2', () => {
    const index = new Int8Index({ dim: 3, metric: 'l2' })
    index.add(['a'], Float32Array.of(0.1, 0.2, 0.3))
    expect(index.search(index.vector('a')!)[0].score).toBeGreaterThanOrEqual(0)
    expect(index.search(index.vector('a')!)[0].score).toBeLessThan(1e-12)
  })

  it('counts a byte a value and a scale', () => {
    const index = new Int8Index({ dim: 5 })
    index.add(['a', 'b'], new Float32Array(10).fill(1))
    expect(index.stats()).toEqual({ count: 2, dim: 5, metric: 'dot', bytes: 18 })
  })
})
