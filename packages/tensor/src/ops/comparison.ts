import type { BinaryName } from '../graph/node.ts'
import { promotePair } from '../operand.ts'
import { binary } from '../primitive.ts'
import type { Operand, Tensor } from '../tensor.ts'

function compare(f: BinaryName, a: Operand, b: Operand): Tensor {
  const [x, y] = promotePair(f, a, b)
  return binary(f, f, x, y)
}

/**
 * Whether `a == b`, as bool; NaN equals nothing. No gradient.
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 */
export function equal(a: Operand, b: Operand): Tensor {
  return compare('equal', a, b)
}

/**
 * Whether `a != b`, as bool; true where either is NaN. No gradient.
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 */
export function notEqual(a: Operand, b: Operand): Tensor {
  return compare('notEqual', a, b)
}

/**
 * Whether `a < b`, as bool; false where either is NaN. No gradient.
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 */
export function less(a: Operand, b: Operand): Tensor {
  return compare('less', a, b)
}

/**
 * Whether `a <= b`, as bool; false where either is NaN. No gradient.
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 */
export function lessEqual(a: Operand, b: Operand): Tensor {
  return compare('lessEqual', a, b)
}

/**
 * Whether `a > b`, as bool; false where either is NaN. No gradient.
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 */
export function greater(a: Operand, b: Operand): Tensor {
  return compare('greater', a, b)
}

/**
 * Whether `a >= b`, as bool; false where either is NaN. No gradient.
 *
 * @param a tensor or number, broadcast with `b` and promoted to the larger dtype
 * @param b tensor or number
 */
export function greaterEqual(a: Operand, b: Operand): Tensor {
  return compare('greaterEqual', a, b)
}
