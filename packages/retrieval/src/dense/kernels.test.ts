import { normal, randomKey } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { dotFloat32, dotInt8, squaredDistanceFloat32 } from './kernels.ts'

const random = (seed: number, n: number) => normal(randomKey(seed), [n]).dataSync() as Float32Array

function naive(
  query: Float64Array,
  rows: ArrayLike<number>,
  start: number,
  end: number,
  term: (q: number, x: number) => number,
): number[] {
  const dim = query.length
  return Array.from({ length: end - start }, (_, i) => {
    let sum = 0
    for (let j = 0; j < dim; j++) sum += term(query[j], rows[(start + i) * dim + j])
    return sum
  })
}

const ranges = [
  [0, 11],
  [0, 4],
  [3, 10],
  [5, 5],
  [8, 9],
]

describe.each([1, 2, 5, 16])('dimension %i', dim => {
  const query = Float64Array.from(random(dim, dim))
  const rows = random(100 + dim, 11 * dim)
  const codes = Int8Array.from(rows, x => Math.max(-127, Math.min(127, Math.round(x * 60))))

  it.each(ranges)('dotFloat32 of rows %i..%i is the plain sum, bit for bit', (start, end) => {
    const out = new Float64Array(end - start)
    dotFloat32(query, rows, start, end, out)
    expect([...out]).toEqual(naive(query, rows, start, end, (q, x) => q * x))
  })

  it.each(ranges)('dotInt8 of rows %i..%i is the plain sum, bit for bit', (start, end) => {
    const out = new Float64Array(end - start)
    dotInt8(query, codes, start, end, out)
    expect([...out]).toEqual(naive(query, codes, start, end, (q, x) => q * x))
  })

  it.each(ranges)('squaredDistanceFloat32 of rows %i..%i is the plain sum, bit for bit', (start, end) => {
    const out = new Float64Array(end - start)
    squaredDistanceFloat32(query, rows, start, end, out)
    expect([...out]).toEqual(naive(query, rows, start, end, (q, x) => (q - x) * (q - x)))
  })
})
