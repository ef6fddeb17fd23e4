/*
 * Dense matrices in float64, row after row in one array, and the two loops that every routine here is made of. Rows
 * are contiguous, so routines that work on columns hold the transpose.
 */

export type Matrix = Float64Array

/** The n x n unit matrix. */
export function identity(n: number): Matrix {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++) out[i * n + i] = 1
  return out
}

/** The n x m transpose of an m x n matrix. */
export function transposed(a: Matrix, m: number, n: number): Matrix {
  const out = new Float64Array(a.length)
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j]
  return out
}

/** `x[i + k] * y[j + k]` summed over n places. */
export function inner(x: Matrix, i: number, y: Matrix, j: number, n: number): number {
  let sum = 0
  for (let k = 0; k < n; k++) sum += x[i + k] * y[j + k]
  return sum
}

/** `y[j + k] += factor * x[i + k]` for n places. */
export function addScaled(y: Matrix, j: number, factor: number, x: Matrix, i: number, n: number): void {
  for (let k = 0; k < n; k++) y[j + k] += factor * x[i + k]
}

/** The product of an m x k and a k x n matrix. */
export function product(a: Matrix, b: Matrix, m: number, k: number, n: number): Matrix {
  const out = new Float64Array(m * n)
  for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) addScaled(out, i * n, a[i * k + j], b, j * n, n)
  return out
}

/** Multiplies all elements by a factor. */
export function scale(x: Matrix, factor: number): void {
  for (let k = 0; k < x.length; k++) x[k] *= factor
}

/** Turns two rows of length n into `c x - s y` and `s x + c y`. */
export function rotate(a: Matrix, i: number, j: number, c: number, s: number, n: number): void {
  for (let k = 0; k < n; k++) {
    const x = a[i + k]
    const y = a[j + k]
    a[i + k] = c * x - s * y
    a[j + k] = s * x + c * y
  }
}

export const isFiniteMatrix = (a: Matrix): boolean => a.every(Number.isFinite)

/** The rows of length n at these places. */
export function gatherRows(a: Matrix, order: readonly number[], n: number): Matrix {
  const out = new Float64Array(order.length * n)
  order.forEach((row, i) => {
    out.set(a.subarray(row * n, (row + 1) * n), i * n)
  })
  return out
}
