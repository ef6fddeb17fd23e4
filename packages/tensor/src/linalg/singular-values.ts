import {
  addScaled,
  gatherRows,
  inner,
  isFiniteMatrix,
  type Matrix,
  product,
  rotate,
  scale,
  transposed,
} from './dense.ts'
import { eigenSymmetric } from './symmetric-eigen.ts'

/** Reduced factors of a matrix: `sum of values[i] * left[i] right[i]^T`, vectors row by row, values descending. */
export interface SingularValues {
  readonly left: Matrix
  readonly values: Matrix
  readonly right: Matrix
}

const tolerance = 1e-14
const maxSweeps = 30
/** Rows this short beside the norm of the matrix are what rounding left of nothing. */
const negligible = 1e-100

/**
 * Turns the n rows of length m of `w`, and those of `v` along, until those longer than `least` are orthogonal to one
 * another: one-sided Jacobi rotations, which keep the relative precision of small singular values (Hestenes, 1958).
 */
function orthogonalizeRows(w: Matrix, v: Matrix, m: number, n: number, least: number): void {
  let turned = true
  for (let sweep = 0; turned && sweep < maxSweeps; sweep++) {
    turned = false
    for (let i = 0; i < n; i++)
      for (let j = i + 1; j < n; j++) {
        const a = inner(w, i * m, w, i * m, m)
        const b = inner(w, j * m, w, j * m, m)
        const mixed = inner(w, i * m, w, j * m, m)
        if (Math.min(a, b) <= least * least || Math.abs(mixed) <= tolerance * Math.sqrt(a * b)) continue
        turned = true
        const slope = (b - a) / (2 * mixed)
        const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.sqrt(1 + slope * slope))
        const cosine = 1 / Math.sqrt(1 + tangent * tangent)
        rotate(w, i * m, j * m, cosine, cosine * tangent, m)
        rotate(v, i * n, j * n, cosine, cosine * tangent, n)
      }
  }
}

/** Makes `row`, number i of `u` and zero, a unit vector orthogonal to those before. */
function completeRow(u: Matrix, row: Matrix, i: number, m: number): void {
  for (let axis = 0; inner(row, 0, row, 0, m) <= 0.5 / m; axis++) {
    row.fill(0)
    row[axis] = 1
    for (let twice = 0; twice < 2; twice++)
      for (let j = 0; j < i; j++) addScaled(row, 0, -inner(row, 0, u, j * m, m), u, j * m, m)
  }
  const norm = Math.sqrt(inner(row, 0, row, 0, m))
  scale(row, 1 / norm)
}

/** For a finite matrix that is not wider than high. The rotations start from the eigenvectors of a^T a, close to their end. */
function decomposeTall(a: Matrix, m: number, n: number): SingularValues {
  const columns = transposed(a, m, n)
  const v = eigenSymmetric(product(columns, a, n, m, n), n)[1]
  const w = product(v, columns, n, n, m)
  const least = negligible * Math.sqrt(inner(a, 0, a, 0, m * n))
  orthogonalizeRows(w, v, m, n, least)
  const norms = Float64Array.from({ length: n }, (_, i) => Math.sqrt(inner(w, i * m, w, i * m, m)))
  const order = Array.from(norms.keys()).sort((i, j) => norms[j] - norms[i])
  const values = Float64Array.from(order, i => norms[i])
  const left = gatherRows(w, order, m)
  values.forEach((value, i) => {
    const row = left.subarray(i * m, (i + 1) * m)
    if (value > least) scale(row, 1 / value)
    else {
      values[i] = 0
      completeRow(left, row.fill(0), i, m)
    }
  })
  return { left, values, right: gatherRows(v, order, n) }
}

/** Singular value decomposition of an m x n matrix. All is NaN when an element is not finite. */
export function singularValues(a: Matrix, m: number, n: number): SingularValues {
  const k = Math.min(m, n)
  if (!isFiniteMatrix(a)) {
    const nans = (size: number): Matrix => new Float64Array(size).fill(Number.NaN)
    return { left: nans(k * m), values: nans(k), right: nans(k * n) }
  }
  if (m >= n) return decomposeTall(a, m, n)
  const { left, values, right } = decomposeTall(transposed(a, m, n), n, m)
  return { left: right, values, right: left }
}
