import type { DType } from '../dtype.ts'
import { asTensor } from '../operand.ts'
import { cast as castNode, sameValue } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { requireDType } from './internal/arguments.ts'

/**
 * The elements in another dtype.
 *
 * Float to integer truncates toward zero, saturates at the ends of the range and turns NaN into 0; between integers
 * the value is taken modulo the width (two's complement); to bool it is `x != 0` (NaN is true); to float16 it is
 * rounded to nearest even, subnormals kept, `|x| >= 65520` becoming Infinity. The gradient passes between floats only.
 *
 * @param x any shape and dtype
 * @param dtype of the result
 * @throws {SurprisalError} `dtype` for an unknown dtype
 */
export function cast(x: TensorLike, dtype: DType): Tensor {
  requireDType('cast', dtype)
  const y = asTensor('cast', 'x', x)
  return y.dtype === dtype ? sameValue('cast', y) : castNode('cast', y, dtype)
}
