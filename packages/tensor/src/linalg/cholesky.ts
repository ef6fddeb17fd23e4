import { inner, type Matrix } from './dense.ts'

/**
 * Replaces an n x n matrix by the lower Cholesky factor of its symmetric part.
 * @returns 0, or the order of the first leading minor that is not positive
 */
export function factorCholesky(a: Matrix, n: number): number {
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const rest = (a[i * n + j] + a[j * n + i]) / 2 - inner(a, i * n, a, j * n, j)
      if (i === j && !(rest > 0)) return i + 1
      a[i * n + j] = i === j ? Math.sqrt(rest) : rest / a[j * n + j]
    }
  for (let i = 0; i < n; i++) a.fill(0, i * n + i + 1, (i + 1) * n)
  return 0
}
