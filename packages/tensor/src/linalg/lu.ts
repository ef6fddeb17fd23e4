import { addScaled, identity, type Matrix } from './dense.ts'
import { substitute } from './substitution.ts'

/** What {@link factorLU} did to the rows. */
export interface RowOrder {
  /** Which row of the matrix each row of the factors is. */
  readonly rows: readonly number[]
  /** Sign of that permutation. */
  readonly sign: number
}

/** Replaces an n x n matrix by its LU factors with partial pivoting: L (ones on its diagonal) below U. */
function factorLU(a: Matrix, n: number): RowOrder {
  const rows = Array.from({ length: n }, (_, i) => i)
  let sign = 1
  for (let k = 0; k < n; k++) {
    let best = k
    for (let i = k + 1; i < n; i++) if (!(Math.abs(a[i * n + k]) <= Math.abs(a[best * n + k]))) best = i
    if (best !== k) {
      const row = a.slice(k * n, (k + 1) * n)
      a.copyWithin(k * n, best * n, (best + 1) * n)
      a.set(row, best * n)
      ;[rows[k], rows[best]] = [rows[best], rows[k]]
      sign = -sign
    }
    const pivot = a[k * n + k]
    if (pivot === 0) continue
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / pivot
      a[i * n + k] = factor
      addScaled(a, i * n + k + 1, -factor, a, k * n + k + 1, n - k - 1)
    }
  }
  return { rows, sign }
}

/** `a^-1 b` for an n x n matrix, which it overwrites, and an n x k one; null when a pivot is zero. */
export function solveLinear(a: Matrix, b: Matrix, n: number, k: number): Matrix | null {
  const { rows } = factorLU(a, n)
  const x = new Float64Array(n * k)
  rows.forEach((row, i) => {
    x.set(b.subarray(row * k, (row + 1) * k), i * k)
  })
  substitute(a, x, n, k, { unitriangular: true })
  return substitute(a, x, n, k, { upper: true }) ? x : null
}

/** The inverse of an n x n matrix, which it overwrites; null when a pivot is zero. */
export const invert = (a: Matrix, n: number): Matrix | null => solveLinear(a, identity(n), n, n)

/** Sign and logarithm of the absolute value of a determinant; the matrix is overwritten. */
export function logDeterminant(a: Matrix, n: number): [sign: number, logabsdet: number] {
  let { sign } = factorLU(a, n)
  let logarithm = 0
  for (let i = 0; i < n; i++) {
    sign *= Math.sign(a[i * n + i])
    logarithm += Math.log(Math.abs(a[i * n + i]))
  }
  return [sign + 0, logarithm]
}

/** The determinant; the matrix is overwritten. */
export function determinant(a: Matrix, n: number): number {
  let { sign: value } = factorLU(a, n)
  for (let i = 0; i < n; i++) value *= a[i * n + i]
  return value + 0
}
