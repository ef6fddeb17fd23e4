import fc from 'fast-check'
import { expect } from 'vitest'
import type { Matrix } from '../dense.ts'

/** An m x n matrix with elements spread over [-1, 1], the same for the same seed. */
export function randomMatrix(seed: number, m: number, n: number): Matrix {
  return Float64Array.from({ length: m * n }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + (seed + 1) * 78.233) * 43758.5453
    return 2 * (x - Math.floor(x)) - 1
  })
}

/** Matrices of up to 6 x 6 with some zeros and some equal rows, so that ranks differ. */
export const anyMatrix: fc.Arbitrary<{ a: Matrix; m: number; n: number }> = fc
  .record({ m: fc.integer({ min: 1, max: 6 }), n: fc.integer({ min: 1, max: 6 }), seed: fc.nat(999), kind: fc.nat(3) })
  .map(({ m, n, seed, kind }) => {
    const a = randomMatrix(seed, m, n)
    if (kind === 1) a.copyWithin(0, (m - 1) * n, m * n)
    if (kind === 2) a.fill(0, 0, Math.floor((m * n) / 2))
    return { a: kind === 3 ? a.map(Math.round) : a, m, n }
  })

/** The largest difference between two lists of one length. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0)
}
