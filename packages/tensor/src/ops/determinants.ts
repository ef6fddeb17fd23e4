import { mul, sub } from '../gradient/algebra.ts'
import { cofactors } from '../linalg/cofactors.ts'
import { determinant, logDeterminant } from '../linalg/lu.ts'
import { reduce, withRule } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { diagonal } from './diagonals.ts'
import { perMatrix, perMatrixPacked, squaresOf, times, turned, unpack } from './internal/matrices.ts'
import { inverseStack } from './internal/solving.ts'
import { reshapeView } from './internal/views.ts'
import { sum } from './reductions.ts'

/** A number per matrix, in the shape of matrices. */
const perMatrixFactor = (x: Tensor): Tensor => reshapeView('gradients', x, [x.shape[0], 1, 1])

/** The gradient of {@link det}: finite for singular matrices, while its own gradient divides by them. */
function cofactorStack(op: string, a: Tensor): Tensor {
  const n = a.shape[1]
  const value = perMatrix(op, [a], [n, n], ([x]) => cofactors(x, n))
  return withRule(op, value, [a], (dy, [x], c) => {
    const y = turned(inverseStack(op, x))
    const along = perMatrixFactor(reduce('gradients', 'sum', mul(dy, y), [1, 2]))
    return [sub(mul(c, along), times(c, turned(dy), y))]
  })
}

/**
 * The determinant, by LU factors. Its gradient is the matrix of cofactors, finite where the determinant is 0.
 *
 * @param a `[..., n, n]`
 * @returns `[...]`
 * @throws {SurprisalError} `shape` unless a is square; `argument` when a second derivative is read of a singular matrix
 */
export function det(a: TensorLike): Tensor {
  const { x, restore } = squaresOf('det', a)
  const n = x.shape[1]
  const value = perMatrix('det', [x], [], ([matrix]) => [determinant(matrix, n)])
  return restore(
    withRule('det', value, [x], (dy, [matrix]) => [mul(cofactorStack('det', matrix), perMatrixFactor(dy))]),
  )
}

/** What {@link slogdet} gives. */
export interface SlogdetResult {
  /** `[...]`: 1, -1, or 0 for a singular matrix. */
  sign: Tensor
  /** `[...]`: logarithm of the determinant's absolute value, -Infinity for a singular matrix. */
  logabsdet: Tensor
}

/**
 * Sign and logarithm of the absolute value of the determinant, by LU factors, without overflow.
 *
 * @param a `[..., n, n]`
 * @throws {SurprisalError} `shape` unless a is square; `argument` when a gradient is read of a singular matrix
 */
export function slogdet(a: TensorLike): SlogdetResult {
  const op = 'slogdet'
  const { x, restore } = squaresOf(op, a)
  const [count, n] = x.shape
  const parts = [[], []]
  const value = perMatrixPacked(op, [x], parts, ([matrix]) => logDeterminant(matrix, n).map(number => [number]))
  const packed = withRule(op, value, [x], (dy, [matrix]) => [logGradient(op, matrix, unpack(op, dy, count, parts)[1])])
  const [sign, logabsdet] = unpack(op, packed, count, parts).map(restore)
  return { sign, logabsdet }
}

/**
 * The logarithm of the determinant, by LU factors; -Infinity where it is 0, NaN where it is negative.
 *
 * @param a `[..., n, n]`
 * @returns `[...]`
 * @throws {SurprisalError} `shape` unless a is square; `argument` when a gradient is read of a singular matrix
 */
export function logdet(a: TensorLike): Tensor {
  const op = 'logdet'
  const { x, restore } = squaresOf(op, a)
  const n = x.shape[1]
  const value = perMatrix(op, [x], [], ([matrix]) => {
    const [sign, logabsdet] = logDeterminant(matrix, n)
    return [sign < 0 ? Number.NaN : logabsdet]
  })
  return restore(withRule(op, value, [x], (dy, [matrix]) => [logGradient(op, matrix, dy)]))
}

const logGradient = (op: string, a: Tensor, dy: Tensor): Tensor => mul(turned(inverseStack(op, a)), perMatrixFactor(dy))

/**
 * The sum of the main diagonal of the last two dims, which need not be square; integers as in {@link sum}.
 *
 * @param a `[..., m, n]`
 * @returns `[...]`
 */
export function trace(a: TensorLike): Tensor {
  return sum(diagonal(a, { dim1: -2, dim2: -1 }), { dim: -1 })
}
