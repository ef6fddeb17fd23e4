import { addScaled, identity, type Matrix, product } from './dense.ts'
import { invert } from './lu.ts'

/** An integer power of an n x n matrix by repeated squaring; null for a negative power of a singular one. */
export function power(a: Matrix, n: number, exponent: number): Matrix | null {
  let base = exponent < 0 ? invert(a, n) : a
  if (!base) return null
  let out = identity(n)
  for (let rest = Math.abs(exponent); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) out = product(out, base, n, n, n)
    if (rest > 1) base = product(base, base, n, n, n)
  }
  return out
}

const terms = 10

/**
 * The exponential of an n x n matrix: its Taylor series after halving to a norm of at most 1/8, then squaring. All is
 * NaN when an element is not finite.
 * @see Moler & Van Loan, "Nineteen dubious ways to compute the exponential of a matrix" (1978)
 */
export function exponential(a: Matrix, n: number): Matrix {
  let norm = 0
  for (let i = 0; i < n; i++) {
    const row = a.subarray(i * n, (i + 1) * n)
    norm = Math.max(
      norm,
      row.reduce((sum, x) => sum + Math.abs(x), 0),
    )
  }
  if (!Number.isFinite(norm)) return a.fill(Number.NaN)
  const halvings = Math.max(0, Math.ceil(Math.log2(norm)) + 3)
  const scaled = a.map(x => x / 2 ** halvings)
  let out = identity(n)
  for (let k = terms; k > 0; k--) {
    const next = identity(n)
    addScaled(next, 0, 1 / k, product(scaled, out, n, n, n), 0, n * n)
    out = next
  }
  for (let k = 0; k < halvings; k++) out = product(out, out, n, n, n)
  return out
}
