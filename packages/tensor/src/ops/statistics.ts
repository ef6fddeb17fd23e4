import { binary, reduceKeep, reshapeTo, unary, withRule } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { div, mul, square, sub } from './arithmetic.ts'
import { equal } from './comparison.ts'
import { exp, log } from './exponential.ts'
import { numberOption } from './internal/checks.ts'
import { flatRoot } from './internal/flat.ts'
import { type ReduceOptions, type Reduction, reduceBy, reduceFloat } from './internal/reduction.ts'
import { where } from './selection.ts'

const meanKept = (op: string, x: Tensor, { dims, count }: Reduction): Tensor =>
  div(reduceKeep(op, 'sum', x, dims), count)

/**
 * Arithmetic mean over dims; NaN of nothing. Integers and bools give float32.
 *
 * @param x any shape
 * @param options `dim` (all), `keepdim` (false)
 */
export function mean(x: TensorLike, options?: ReduceOptions): Tensor {
  return reduceFloat('mean', x, options, (y, reduction) => div(reduceBy('mean', 'sum', y, reduction), reduction.count))
}

/** Options of {@link var} and {@link std}. */
export interface VarianceOptions extends ReduceOptions {
  /** Subtracted from the number of elements in the divisor; default 1, the unbiased estimate. */
  correction?: number
}

/** Two passes: the mean first, then the squared deviations. */
function spread(op: string, x: Tensor, reduction: Reduction, correction: number | undefined): Tensor {
  const divisor = Math.max(0, reduction.count - numberOption(op, 'correction', correction, 1))
  const deviation = sub(x, meanKept(op, x, reduction))
  const value = div(reduceBy(op, 'sum', square(deviation), reduction), divisor)
  return withRule(op, value, [x], (dy, [input]) => {
    const scale = mul(reshapeTo(op, dy, reduction.kept), 2 / divisor)
    return [mul(scale, sub(input, meanKept(op, input, reduction)))]
  })
}

/**
 * Variance over dims: the sum of squared deviations divided by `max(0, n - correction)`. Integers and bools give float32.
 *
 * @param x any shape
 * @param options `dim` (all), `keepdim` (false), `correction` (1)
 */
function variance(x: TensorLike, options?: VarianceOptions): Tensor {
  return reduceFloat('var', x, options, (y, reduction) => spread('var', y, reduction, options?.correction))
}

/**
 * Standard deviation over dims, the square root of {@link variance}; its gradient is 0 where it is 0.
 * Integers and bools give float32.
 *
 * @param x any shape
 * @param options `dim` (all), `keepdim` (false), `correction` (1)
 */
export function std(x: TensorLike, options?: VarianceOptions): Tensor {
  return reduceFloat('std', x, options, (y, reduction) => flatRoot(spread('std', y, reduction, options?.correction)))
}

export { variance as var }

/**
 * `log(sum(exp(x)))` over dims without overflow; -Infinity of nothing and where every element is -Infinity.
 * The gradient is the softmax, 0 where the result is -Infinity. Integers and bools give float32.
 *
 * @param x any shape
 * @param options `dim` (all), `keepdim` (false)
 */
export function logsumexp(x: TensorLike, options?: ReduceOptions): Tensor {
  const op = 'logsumexp'
  return reduceFloat(op, x, options, (y, reduction) => {
    if (reduction.count === 0) return log(reduceBy(op, 'sum', y, reduction))
    const highest = reduceKeep(op, 'max', y, reduction.dims)
    const shift = where(unary(op, 'isinf', highest), 0, highest)
    const total = log(reduceKeep(op, 'sum', exp(sub(y, shift)), reduction.dims))
    const value = reshapeTo(op, binary(op, 'add', total, shift), reduction.shape)
    return withRule(op, value, [y], (dy, [input], output) => {
      const result = reshapeTo(op, output, reduction.kept)
      const level = where(equal(result, Number.NEGATIVE_INFINITY), 0, result)
      return [mul(reshapeTo(op, dy, reduction.kept), exp(sub(input, level)))]
    })
  })
}
