import { promotePair, toFloat } from '../operand.ts'
import { binary, cast, constant, select, unary } from '../primitive.ts'
import type { Operand, Tensor, TensorLike } from '../tensor.ts'
import { floatBinary, floatUnary } from './internal/pointwise.ts'

/**
 * `e ^ x`. Integers and bools give float32, here and in every function of this family.
 *
 * @param x any shape
 */
export function exp(x: TensorLike): Tensor {
  return floatUnary('exp', x)
}

/**
 * `2 ^ x`.
 *
 * @param x any shape
 */
export function exp2(x: TensorLike): Tensor {
  return floatUnary('exp2', x)
}

/**
 * `exp(x) - 1`, precise near 0.
 *
 * @param x any shape
 */
export function expm1(x: TensorLike): Tensor {
  return floatUnary('expm1', x)
}

/**
 * Natural logarithm; -Infinity at 0, NaN below.
 *
 * @param x any shape
 */
export function log(x: TensorLike): Tensor {
  return floatUnary('log', x)
}

/**
 * Logarithm to base 2.
 *
 * @param x any shape
 */
export function log2(x: TensorLike): Tensor {
  return floatUnary('log2', x)
}

/**
 * Logarithm to base 10.
 *
 * @param x any shape
 */
export function log10(x: TensorLike): Tensor {
  return floatUnary('log10', x)
}

/**
 * `log(1 + x)`, precise near 0.
 *
 * @param x any shape
 */
export function log1p(x: TensorLike): Tensor {
  return floatUnary('log1p', x)
}

/**
 * `log(exp(a) + exp(b))` without overflow; -Infinity where both are. Its derivatives are the softmax weights.
 *
 * @param a tensor or number, broadcast with `b`
 * @param b tensor or number
 */
export function logaddexp(a: Operand, b: Operand): Tensor {
  return floatBinary('logaddexp', a, b)
}

/**
 * `x * log(y)`, 0 where x = 0 unless y is NaN.
 *
 * @param x tensor or number, broadcast with `y`; integers and bools give float32
 * @param y tensor or number
 */
export function xlogy(x: Operand, y: Operand): Tensor {
  const [first, second] = promotePair('xlogy', x, y)
  const half = first.dtype === 'float16'
  const [a, b] = [first, second].map(part => (half ? cast('xlogy', part, 'float32') : toFloat('xlogy', part)))
  const zero = constant('xlogy', 0, 'float32')
  const infinity = constant('xlogy', Number.POSITIVE_INFINITY, 'float32')
  // Only where the logarithm is no finite number is it replaced: elsewhere its product with 0 has the right derivative.
  const endless = binary(
    'xlogy',
    'logicalOr',
    binary('xlogy', 'lessEqual', b, zero),
    binary('xlogy', 'equal', b, infinity),
  )
  const vanishes = binary('xlogy', 'logicalAnd', binary('xlogy', 'equal', a, zero), endless)
  const argument = select('xlogy', vanishes, constant('xlogy', 1, 'float32'), b)
  const out = binary('xlogy', 'mul', a, unary('xlogy', 'log', argument))
  return half ? cast('xlogy', out, 'float16') : out
}
