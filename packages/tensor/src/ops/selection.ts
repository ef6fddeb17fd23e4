import { asTensor, promotePair } from '../operand.ts'
import { cast, constant, select } from '../primitive.ts'
import type { Operand, Tensor, TensorLike } from '../tensor.ts'

function condition(op: string, name: string, x: TensorLike | boolean): Tensor {
  return typeof x === 'boolean' ? constant(op, Number(x), 'bool') : cast(op, asTensor(op, name, x), 'bool')
}

/**
 * `a` where the condition holds, `b` elsewhere. It selects: a NaN in the branch not taken reaches neither
 * the result nor the gradient.
 *
 * @param cond bool tensor; other dtypes are read as `cond != 0`
 * @param a tensor or number; all three are broadcast, `a` and `b` promoted to the larger dtype
 * @param b tensor or number
 * @throws {SurprisalError} `shape` when the shapes cannot be broadcast
 */
export function where(cond: TensorLike | boolean, a: Operand, b: Operand): Tensor {
  const mask = condition('where', 'cond', cond)
  const [x, y] = promotePair('where', a, b)
  return select('where', mask, x, y)
}

/**
 * `value` where the mask holds, `x` elsewhere; a selection like {@link where}.
 *
 * @param x any shape and dtype
 * @param mask bool tensor, broadcast with `x`; other dtypes are read as `mask != 0`
 * @param value number or tensor
 * @throws {SurprisalError} `shape` when the shapes cannot be broadcast
 */
export function maskedFill(x: TensorLike, mask: TensorLike | boolean, value: Operand): Tensor {
  const taken = condition('maskedFill', 'mask', mask)
  const [kept, filling] = promotePair('maskedFill', asTensor('maskedFill', 'x', x), value)
  return select('maskedFill', taken, filling, kept)
}
