import { addScaled, type Matrix } from './dense.ts'
import { determinant } from './lu.ts'
import { singularValues } from './singular-values.ts'

/** The cofactors of an n x n matrix, the gradient of its determinant, by its singular values, so that it may be singular. */
export function cofactors(a: Matrix, n: number): Matrix {
  const { left, values, right } = singularValues(a, n, n)
  const sign = Math.sign(determinant(left.slice(), n) * determinant(right.slice(), n))
  const out = new Float64Array(n * n)
  for (let k = 0; k < n; k++) {
    const others = values.reduce((product, value, j) => (j === k ? product : product * value), sign)
    for (let i = 0; i < n; i++) addScaled(out, i * n, others * left[k * n + i], right, k * n, n)
  }
  return out
}
