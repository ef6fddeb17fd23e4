import { type Matrix, transposed } from './dense.ts'
import { reflect, reflectionOf } from './reflection.ts'

/**
 * Reduced QR factors of an m x n matrix by Householder reflections: q m x k, r k x n with k the smaller of both, the
 * diagonal of r not negative.
 */
export function factorQR(a: Matrix, m: number, n: number): [q: Matrix, r: Matrix] {
  const k = Math.min(m, n)
  const columns = transposed(a, m, n)
  const r = new Float64Array(k * n)
  const betas = new Float64Array(k)
  for (let j = 0; j < n; j++) {
    const at = j * m
    for (let i = 0; i < Math.min(j, k); i++) reflect(columns, at + i, betas[i], columns, i * m + i, m - i)
    for (let i = 0; i < Math.min(j, k); i++) r[i * n + j] = columns[at + i]
    if (j < k) [r[j * n + j], betas[j]] = reflectionOf(columns, at + j, at + m)
  }
  const q = new Float64Array(k * m)
  for (let j = 0; j < k; j++) {
    const sign = r[j * n + j] < 0 ? -1 : 1
    q[j * m + j] = sign
    for (let c = j; c < n; c++) r[j * n + c] *= sign
    for (let i = j; i >= 0; i--) reflect(q, j * m + i, betas[i], columns, i * m + i, m - i)
  }
  return [transposed(q, k, m), r]
}
