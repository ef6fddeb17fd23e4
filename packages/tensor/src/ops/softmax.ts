import { asTensor } from '../operand.ts'
import { inFloat32, isEmpty, reduceKeep, sameValue, withRule } from '../primitive.ts'
import { normalizeDim } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { mul, reciprocal, sub } from './arithmetic.ts'
import { exp, log } from './exponential.ts'
import { expectFloat, optionsOf } from './internal/checks.ts'

/** The dim of {@link softmax} and {@link logSoftmax}. */
export interface SoftmaxOptions {
  /** Negatives count from the end; default -1. */
  dim?: number
}

function alongDim(
  op: string,
  x: TensorLike,
  options: SoftmaxOptions | undefined,
  compute: (x: Tensor, dims: readonly number[]) => Tensor,
): Tensor {
  const y = expectFloat(op, asTensor(op, 'x', x))
  const { dim = -1 } = optionsOf(op, options)
  const dims = [normalizeDim(op, dim, y.ndim)]
  return isEmpty(y) ? sameValue(op, y) : inFloat32(op, y, z => compute(z, dims))
}

/**
 * `exp(x) / sum(exp(x))` along a dim, without overflow. A row of only -Infinity is NaN.
 *
 * @param x float tensor of any shape
 * @param options `dim` (-1)
 * @throws {SurprisalError} `dtype` for integers and bools
 */
export function softmax(x: TensorLike, options?: SoftmaxOptions): Tensor {
  const op = 'softmax'
  return alongDim(op, x, options, (y, dims) => {
    const weights = exp(sub(y, reduceKeep(op, 'max', y, dims)))
    const value = mul(weights, reciprocal(reduceKeep(op, 'sum', weights, dims)))
    return withRule(op, value, [y], (dy, _inputs, output) => [
      mul(output, sub(dy, reduceKeep(op, 'sum', mul(dy, output), dims))),
    ])
  })
}

/**
 * `log(softmax(x))` along a dim, without overflow. A row of only -Infinity is NaN.
 *
 * @param x float tensor of any shape
 * @param options `dim` (-1)
 * @throws {SurprisalError} `dtype` for integers and bools
 */
export function logSoftmax(x: TensorLike, options?: SoftmaxOptions): Tensor {
  const op = 'logSoftmax'
  return alongDim(op, x, options, (y, dims) => {
    const shifted = sub(y, reduceKeep(op, 'max', y, dims))
    const value = sub(shifted, log(reduceKeep(op, 'sum', exp(shifted), dims)))
    return withRule(op, value, [y], (dy, _inputs, output) => [
      sub(dy, mul(exp(output), reduceKeep(op, 'sum', dy, dims))),
    ])
  })
}
