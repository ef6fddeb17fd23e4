import { normal, randomKey } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { binarizeRows } from './binary-codes.ts'
import { signScorer } from './sign-scores.ts'

describe('signScorer', () => {
  it.each([1, 7, 8, 31, 32, 33, 70])('is the inner product with the +-1 vectors in %i dimensions', dim => {
    const rows = normal(randomKey(dim), [5, dim]).dataSync()
    const query = Float64Array.from(normal(randomKey(100 + dim), [dim]).dataSync())
    const score = signScorer(query, binarizeRows(rows, dim))
    for (let r = 0; r < 5; r++) {
      const expected = query.reduce((sum, q, j) => sum + q * (rows[r * dim + j] > 0 ? 1 : -1), 0)
      expect(score(r)).toBeCloseTo(expected, 10)
    }
  })
})
