import type { Operand, Tensor } from '../tensor.ts'
import { binaryOrLogical } from './internal/pointwise.ts'

/**
 * The larger of two; NaN where either is NaN. At a tie each side receives half of the gradient.
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 */
export function maximum(a: Operand, b: Operand): Tensor {
  return binaryOrLogical('maximum', 'logicalOr', a, b)
}

/**
 * The smaller of two; NaN where either is NaN. At a tie each side receives half of the gradient.
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 */
export function minimum(a: Operand, b: Operand): Tensor {
  return binaryOrLogical('minimum', 'logicalAnd', a, b)
}

/**
 * The larger of two, ignoring NaN: NaN only where both are NaN. At a tie each side receives half of the gradient.
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 */
export function fmax(a: Operand, b: Operand): Tensor {
  return binaryOrLogical('fmax', 'logicalOr', a, b)
}

/**
 * The smaller of two, ignoring NaN: NaN only where both are NaN. At a tie each side receives half of the gradient.
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 */
export function fmin(a: Operand, b: Operand): Tensor {
  return binaryOrLogical('fmin', 'logicalAnd', a, b)
}
