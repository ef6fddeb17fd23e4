import { describe, expect, it } from 'vitest'
import { negated, scanFloat32 } from './float32-scan.ts'

const data = Float32Array.of(1, 0, 0, 2, 3, 4)
const rows = { data, count: 3, dim: 2, inverse: Float64Array.of(1, 0.5, 0.2) }
const query = [Float64Array.of(1, 1)]
const plain = (ranking: { rows: Int32Array; scores: Float64Array }) => [[...ranking.rows], [...ranking.scores]]

describe('scanFloat32', () => {
  it('scores inner products, descending', () => {
    expect(plain(scanFloat32('f', rows, query, 'dot', 3)[0])).toEqual([
      [2, 1, 0],
      [7, 2, 1],
    ])
  })

  it('scores cosines, descending, ties by row', () => {
    const half = Math.fround(Math.SQRT1_2)
    expect(plain(scanFloat32('f', rows, query, 'cosine', 3)[0])).toEqual([
      [2, 0, 1],
      [Math.fround(1.4 / Math.SQRT2), half, half],
    ])
  })

  it('scores squared distances, ascending, and exactly 0 for the vector itself', () => {
    expect(plain(scanFloat32('f', rows, query, 'l2', 3)[0])).toEqual([
      [0, 1, 2],
      [1, 2, 13],
    ])
    const [self] = scanFloat32('f', rows, [Float64Array.of(3, 4)], 'l2', 1)
    expect(Object.is(self.scores[0], 0)).toBe(true)
  })

  it('tells near neighbours apart far from the origin', () => {
    const far = { data: Float32Array.of(10000, 10000.001), count: 2, dim: 1 }
    const [ranking] = scanFloat32('f', far, [Float64Array.of(10000)], 'l2', 2)
    expect(ranking.scores[1]).toBe(Math.fround((Math.fround(10000.001) - 10000) ** 2))
  })

  it('names the query that has no direction', () => {
    expect(() => scanFloat32('search', rows, [Float64Array.of(0, 0)], 'cosine', 1)).toThrow(
      'search: queries row 0 is a zero vector, which has no cosine',
    )
  })
})

describe('negated', () => {
  it('never makes a negative zero', () => {
    const { scores } = negated({ rows: Int32Array.of(0, 1), scores: Float64Array.of(0, -2) })
    expect(Object.is(scores[0], 0)).toBe(true)
    expect(scores[1]).toBe(2)
  })
})
