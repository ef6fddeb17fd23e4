import { isFloat } from '../dtype.ts'
import type { ReduceName } from '../graph/node.ts'
import { asTensor } from '../operand.ts'
import { cast } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { expectElements, type ReduceOptions, reduceBy, reductionOf } from './internal/reduction.ts'

export type { ReduceOptions }

/** Sums and products of 8-bit integers and bools are int32. */
function accumulate(f: 'sum' | 'prod', x: TensorLike, options: ReduceOptions | undefined): Tensor {
  const y = asTensor(f, 'x', x)
  return reduceBy(f, f, isFloat(y.dtype) ? y : cast(f, y, 'int32'), reductionOf(f, y, options))
}

/**
 * Sum over dims; 0 of nothing. uint8, int8 and bool give int32, integers wrap.
 *
 * @param x any shape
 * @param options `dim` (all), `keepdim` (false)
 * @throws {SurprisalError} `argument` for a dim that is out of range or repeated, here and in every reduction
 */
export function sum(x: TensorLike, options?: ReduceOptions): Tensor {
  return accumulate('sum', x, options)
}

/**
 * Product over dims; 1 of nothing. uint8, int8 and bool give int32, integers wrap. The gradient is the product of the
 * others, exact with zeros.
 *
 * @param x any shape
 * @param options `dim` (all), `keepdim` (false)
 */
export function prod(x: TensorLike, options?: ReduceOptions): Tensor {
  return accumulate('prod', x, options)
}

function extreme(f: 'max' | 'min', x: TensorLike, options: ReduceOptions | undefined): Tensor {
  const y = asTensor(f, 'x', x)
  const reduction = reductionOf(f, y, options)
  expectElements(f, reduction)
  const onBool: ReduceName = f === 'max' ? 'any' : 'all'
  return reduceBy(f, y.dtype === 'bool' ? onBool : f, y, reduction)
}

/**
 * The largest element over dims; NaN if any is NaN. The gradient is divided evenly among ties.
 *
 * @param x any shape and dtype
 * @param options `dim` (all), `keepdim` (false)
 * @throws {SurprisalError} `shape` for an empty dim
 */
export function max(x: TensorLike, options?: ReduceOptions): Tensor {
  return extreme('max', x, options)
}

/**
 * The smallest element over dims; NaN if any is NaN. The gradient is divided evenly among ties.
 *
 * @param x any shape and dtype
 * @param options `dim` (all), `keepdim` (false)
 * @throws {SurprisalError} `shape` for an empty dim
 */
export function min(x: TensorLike, options?: ReduceOptions): Tensor {
  return extreme('min', x, options)
}

function quantify(f: 'any' | 'all', x: TensorLike, options: ReduceOptions | undefined): Tensor {
  const y = asTensor(f, 'x', x)
  return reduceBy(f, f, cast(f, y, 'bool'), reductionOf(f, y, options))
}

/**
 * Whether an element over dims is non-zero (NaN counts), as bool; false of nothing.
 *
 * @param x any shape and dtype
 * @param options `dim` (all), `keepdim` (false)
 */
export function any(x: TensorLike, options?: ReduceOptions): Tensor {
  return quantify('any', x, options)
}

/**
 * Whether every element over dims is non-zero (NaN counts), as bool; true of nothing.
 *
 * @param x any shape and dtype
 * @param options `dim` (all), `keepdim` (false)
 */
export function all(x: TensorLike, options?: ReduceOptions): Tensor {
  return quantify('all', x, options)
}

/**
 * How many elements over dims are non-zero (NaN counts), as int32.
 *
 * @param x any shape and dtype
 * @param options `dim` (all), `keepdim` (false)
 */
export function countNonzero(x: TensorLike, options?: ReduceOptions): Tensor {
  const y = asTensor('countNonzero', 'x', x)
  const ones = cast('countNonzero', cast('countNonzero', y, 'bool'), 'int32')
  return reduceBy('countNonzero', 'sum', ones, reductionOf('countNonzero', y, options))
}
