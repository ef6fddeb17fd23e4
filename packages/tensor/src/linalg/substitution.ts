import { addScaled, type Matrix } from './dense.ts'

/** Which triangle of a matrix is meant, and how. */
export interface TriangularOptions {
  /** The upper triangle instead of the lower one. @default false */
  upper?: boolean
  /** Its transpose. @default false */
  transpose?: boolean
  /** Ones on the diagonal, whatever stands there. @default false */
  unitriangular?: boolean
}

/**
 * Replaces the n x k right-hand sides `x` by the solutions for a triangle of the n x n matrix `t`.
 * @returns false when a pivot is zero
 */
export function substitute(t: Matrix, x: Matrix, n: number, k: number, options: TriangularOptions): boolean {
  const { upper = false, transpose = false, unitriangular = false } = options
  const [row, column] = transpose ? [1, n] : [n, 1]
  const place = (step: number) => (upper === transpose ? step : n - 1 - step)
  for (let step = 0; step < n; step++) {
    const i = place(step)
    for (let before = 0; before < step; before++) {
      const j = place(before)
      addScaled(x, i * k, -t[i * row + j * column], x, j * k, k)
    }
    if (unitriangular) continue
    const pivot = t[i * n + i]
    if (pivot === 0) return false
    for (let c = i * k; c < (i + 1) * k; c++) x[c] /= pivot
  }
  return true
}
