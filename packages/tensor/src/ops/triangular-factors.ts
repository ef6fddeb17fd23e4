import { add, mul, sub } from '../gradient/algebra.ts'
import { factorCholesky } from '../linalg/cholesky.ts'
import { factorQR } from '../linalg/qr.ts'
import { concatenate, withRule } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { tril } from './diagonals.ts'
import { matricesOf, perMatrix, perMatrixPacked, squaresOf, times, turned, unpack } from './internal/matrices.ts'
import { triangularSolveStack } from './internal/solving.ts'
import { sliceView } from './internal/views.ts'

const below = (x: Tensor): Tensor => tril(x, { diagonal: -1 })

/** `x u^-1` for lower triangular u, or upper. */
const divideRight = (op: string, x: Tensor, u: Tensor, upper: boolean, transpose: boolean): Tensor =>
  turned(triangularSolveStack(op, u, turned(x), { upper, transpose: !transpose }))

/**
 * The lower triangular factor l of positive definite matrices, `l l^T = a`. Both triangles are read, as
 * `(a + a^T) / 2`, and the gradient is symmetric.
 *
 * @param a `[..., n, n]`
 * @throws {SurprisalError} `shape` unless a is square; `argument` when read, for a matrix that is not positive definite
 * @see Murray, "Differentiation of the Cholesky decomposition" (2016)
 */
export function cholesky(a: TensorLike): Tensor {
  const op = 'cholesky'
  const { x, restore } = squaresOf(op, a)
  const n = x.shape[1]
  const value = perMatrix(op, [x], [n, n], ([matrix], fail) => {
    const minor = factorCholesky(matrix, n)
    if (minor > 0) throw fail(`not positive definite (leading minor ${minor})`)
    return matrix
  })
  const factor = withRule(op, value, [x], (dy, _inputs, l) => {
    const inside = times(turned(l), dy)
    const halved = mul(add(tril(inside), below(inside)), 0.5)
    const outside = divideRight(op, triangularSolveStack(op, l, halved, { transpose: true }), l, false, false)
    return [mul(add(outside, turned(outside)), 0.5)]
  })
  return restore(factor)
}

/** What {@link qr} gives. */
export interface QRResult {
  /** `[..., m, k]` with orthonormal columns. */
  q: Tensor
  /** `[..., k, n]`, upper triangular, its diagonal not negative. */
  r: Tensor
}

/**
 * Reduced QR factors, `q r = a`, with k the smaller of m and n, by Householder reflections.
 *
 * @param a `[..., m, n]`
 * @throws {SurprisalError} `shape` for less than 2 dims; `argument` when a gradient is read where r has a zero on its
 * diagonal
 * @see Roberts & Roberts, "QR and LQ decomposition matrix backpropagation algorithms" (2020)
 */
export function qr(a: TensorLike): QRResult {
  const op = 'qr'
  const { x, restore } = matricesOf(op, a)
  const [count, m, n] = x.shape
  const k = Math.min(m, n)
  const parts = [
    [m, k],
    [k, n],
  ]
  const value = perMatrixPacked(op, [x], parts, ([matrix]) => factorQR(matrix, m, n))
  const packed = withRule(op, value, [x], (dy, [input], out) => {
    const [q, r] = unpack(op, out, count, parts)
    const [dq, dr] = unpack(op, dy, count, parts)
    if (n <= m) return [tallGradient(op, q, r, dq, dr)]
    const columns = (y: Tensor, from: number, to: number): Tensor => sliceView(op, y, 2, from, to - from)
    const rest = columns(dr, k, n)
    const moved = add(dq, times(columns(input, k, n), turned(rest)))
    const first = tallGradient(op, q, columns(r, 0, k), moved, columns(dr, 0, k))
    return [concatenate(op, [first, times(q, rest)], 2)]
  })
  const [q, r] = unpack(op, packed, count, parts).map(restore)
  return { q, r }
}

/** Gradient towards a matrix that is not wider than high. */
function tallGradient(op: string, q: Tensor, r: Tensor, dq: Tensor, dr: Tensor): Tensor {
  const inside = sub(times(r, turned(dr)), times(turned(dq), q))
  const mirrored = add(tril(inside), turned(below(inside)))
  return divideRight(op, add(dq, times(q, mirrored)), r, true, true)
}
