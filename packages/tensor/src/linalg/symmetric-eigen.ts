import { addScaled, gatherRows, identity, inner, isFiniteMatrix, type Matrix, rotate, transposed } from './dense.ts'
import { reflect, reflectionOf } from './reflection.ts'

const epsilon = 2 ** -52
const maxSteps = 60

/** Brings a symmetric matrix to tridiagonal form; gives its diagonal, the one below, and the turned basis, row by row. */
function tridiagonalize(a: Matrix, n: number): [diagonal: Matrix, below: Matrix, basis: Matrix] {
  const below = new Float64Array(n)
  const basis = identity(n)
  const turned = new Float64Array(n)
  const betas = new Float64Array(n)
  for (let k = 0; k < n - 1; k++) {
    const from = k + 1
    const v = k * n + from
    const size = n - from
    ;[below[k], betas[k]] = reflectionOf(a, v, (k + 1) * n)
    for (let i = from; i < n; i++) turned[i] = betas[k] * inner(a, i * n + from, a, v, size)
    addScaled(turned, from, (-betas[k] / 2) * inner(turned, from, a, v, size), a, v, size)
    for (let i = from; i < n; i++) {
      addScaled(a, i * n + from, -a[k * n + i], turned, from, size)
      addScaled(a, i * n + from, -turned[i], a, v, size)
    }
  }
  for (let k = n - 2; k >= 0; k--)
    for (let i = k + 1; i < n; i++) reflect(basis, i * n + k + 1, betas[k], a, k * n + k + 1, n - k - 1)
  return [Float64Array.from({ length: n }, (_, i) => a[i * n + i]), below, basis]
}

/** Diagonalises a tridiagonal matrix by implicit QL steps, turning the rows of `basis` along. */
function diagonalize(d: Matrix, e: Matrix, basis: Matrix, n: number): void {
  for (let l = 0; l < n; l++)
    for (let step = 0; step < maxSteps; step++) {
      let m = l
      while (m < n - 1 && Math.abs(e[m]) > epsilon * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m++
      if (m === l) break
      const slope = (d[l + 1] - d[l]) / (2 * e[l])
      let g = d[m] - d[l] + e[l] / (slope + (slope < 0 ? -1 : 1) * Math.sqrt(slope * slope + 1))
      let [s, c, p, i] = [1, 1, 0, m - 1]
      for (; i >= l; i--) {
        const f = s * e[i]
        const b = c * e[i]
        const r = Math.sqrt(f * f + g * g)
        e[i + 1] = r
        if (r === 0) break
        s = f / r
        c = g / r
        g = d[i + 1] - p
        const t = (d[i] - g) * s + 2 * c * b
        p = s * t
        d[i + 1] = g + p
        g = c * t - b
        rotate(basis, i * n, (i + 1) * n, c, s, n)
      }
      if (i >= l) d[i + 1] -= p
      else {
        d[l] -= p
        e[l] = g
      }
      e[m] = 0
    }
}

/**
 * Eigenvalues, ascending, and orthonormal eigenvectors, row by row, of the symmetric part of an n x n matrix: by
 * reflections to tridiagonal form, then QL steps (Bowdler, Martin, Reinsch & Wilkinson, 1968).
 * All is NaN when an element is not finite.
 */
export function eigenSymmetric(a: Matrix, n: number): [values: Matrix, vectors: Matrix] {
  if (!isFiniteMatrix(a)) return [new Float64Array(n).fill(Number.NaN), a.fill(Number.NaN)]
  const mirrored = transposed(a, n, n)
  const [d, e, basis] = tridiagonalize(
    a.map((x, i) => (x + mirrored[i]) / 2),
    n,
  )
  diagonalize(d, e, basis, n)
  const order = Array.from(d.keys()).sort((i, j) => d[i] - d[j])
  return [Float64Array.from(order, i => d[i]), gatherRows(basis, order, n)]
}
