import { addScaled, type Matrix } from './dense.ts'
import { singularValues } from './singular-values.ts'

/**
 * The n x m Moore-Penrose inverse of an m x n matrix; singular values up to `rtol` times the largest one count as 0.
 */
export function pseudoInverse(a: Matrix, m: number, n: number, rtol: number): Matrix {
  const { left, values, right } = singularValues(a, m, n)
  const out = new Float64Array(n * m)
  values.forEach((value, k) => {
    if (value <= rtol * values[0]) return
    for (let i = 0; i < n; i++) addScaled(out, i * m, right[k * n + i] / value, left, k * m, m)
  })
  return out
}
