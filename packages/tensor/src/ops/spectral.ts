import { add, apply, choose, div, greater, mul, sub } from '../gradient/algebra.ts'
import { transposed } from '../linalg/dense.ts'
import { fixSigns } from '../linalg/signs.ts'
import { singularValues } from '../linalg/singular-values.ts'
import { eigenSymmetric } from '../linalg/symmetric-eigen.ts'
import { binary, withRule } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { matricesOf, perMatrixPacked, squaresOf, times, turned, unpack } from './internal/matrices.ts'
import { reshapeView } from './internal/views.ts'

const gap = 1e-12

/** `[B, k]` along the columns, or the rows, of matrices. */
const acrossColumns = (x: Tensor): Tensor => reshapeView('gradients', x, [x.shape[0], 1, x.shape[1]])
const acrossRows = (x: Tensor): Tensor => reshapeView('gradients', x, [x.shape[0], x.shape[1], 1])

/** `x / y`, but 0 where `y` is not greater than `least` in magnitude. */
function divideAbove(x: Tensor, y: Tensor, least: Tensor | number = 0): Tensor {
  const apart = greater(apply('abs', y), least)
  return choose(apart, div(x, choose(apart, y, 1, y)), 0, y)
}

/** `x` at i, j divided by `values_j - values_i`, but 0 where the two are equal up to rounding. */
function divideByGaps(x: Tensor, values: Tensor): Tensor {
  const [after, before] = [acrossColumns(values), acrossRows(values)]
  const larger = binary('gradients', 'maximum', apply('abs', after), apply('abs', before))
  return divideAbove(x, sub(after, before), mul(larger, gap))
}

/** What {@link eigh} gives. */
export interface EighResult {
  /** `[..., n]`, ascending. */
  values: Tensor
  /** `[..., n, n]`: orthonormal columns, the entry of largest magnitude of each (the first of several) positive. */
  vectors: Tensor
}

/**
 * Eigenvalues and eigenvectors of symmetric matrices, by reflections and QL steps. Both triangles are read, as
 * `(a + a^T) / 2`, and the gradient is symmetric; that of vectors whose values are equal leaves out their mixing.
 *
 * @param a `[..., n, n]`
 * @throws {SurprisalError} `shape` unless a is square
 */
export function eigh(a: TensorLike): EighResult {
  const op = 'eigh'
  const { x, restore } = squaresOf(op, a)
  const [count, n] = x.shape
  const parts = [[n], [n, n]]
  const value = perMatrixPacked(op, [x], parts, ([matrix]) => {
    const [values, vectors] = eigenSymmetric(matrix, n)
    fixSigns(vectors, n)
    return [values, transposed(vectors, n, n)]
  })
  const packed = withRule(op, value, [x], (dy, _inputs, out) => {
    const [values, vectors] = unpack(op, out, count, parts)
    const [dValues, dVectors] = unpack(op, dy, count, parts)
    const mixing = divideByGaps(times(turned(vectors), dVectors), values)
    const da = times(add(mul(vectors, acrossColumns(dValues)), times(vectors, mixing)), turned(vectors))
    return [mul(add(da, turned(da)), 0.5)]
  })
  const [values, vectors] = unpack(op, packed, count, parts).map(restore)
  return { values, vectors }
}

/** What {@link svd} gives. */
export interface SvdResult {
  /** `[..., m, k]`: orthonormal columns, the entry of largest magnitude of each (the first of several) positive. */
  u: Tensor
  /** `[..., k]`, descending. */
  s: Tensor
  /** `[..., k, n]`: orthonormal rows. */
  vh: Tensor
}

/**
 * Reduced singular value decomposition, `u diag(s) vh = a`, with k the smaller of m and n, by one-sided Jacobi
 * rotations. The gradient of vectors whose values are equal leaves out their mixing, that of vectors whose value is 0
 * what lies outside of the span.
 *
 * @param a `[..., m, n]`
 * @throws {SurprisalError} `shape` for less than 2 dims
 * @see Townsend, "Differentiating the singular value decomposition" (2016)
 */
export function svd(a: TensorLike): SvdResult {
  const op = 'svd'
  const { x, restore } = matricesOf(op, a)
  const [count, m, n] = x.shape
  const k = Math.min(m, n)
  const parts = [[m, k], [k], [k, n]]
  const value = perMatrixPacked(op, [x], parts, ([matrix]) => {
    const { left, values, right } = singularValues(matrix, m, n)
    fixSigns(left, m, right, n)
    return [transposed(left, k, m), values, right]
  })
  const packed = withRule(op, value, [x], (dy, _inputs, out) => {
    const [u, s, vh] = unpack(op, out, count, parts)
    const [du, ds, dvh] = unpack(op, dy, count, parts)
    const [uu, vv] = [times(turned(u), du), times(vh, turned(dvh))]
    const [after, before] = [acrossColumns(s), acrossRows(s)]
    const sum = add(after, before)
    const skew = (y: Tensor): Tensor => divideByGaps(sub(y, turned(y)), s)
    const inside = add(divideAbove(mul(skew(uu), after), sum), divideAbove(mul(skew(vv), before), sum))
    let da = times(add(mul(u, acrossColumns(ds)), times(u, inside)), vh)
    if (m > k) da = add(da, times(divideAbove(sub(du, times(u, uu)), after), vh))
    if (n > k) da = add(da, times(u, divideAbove(sub(dvh, times(turned(vv), vh)), before)))
    return [da]
  })
  const [u, s, vh] = unpack(op, packed, count, parts).map(restore)
  return { u, s, vh }
}
