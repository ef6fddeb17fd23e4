import { SurprisalError } from '../error.ts'
import { asTensor } from '../operand.ts'
import { reshapeTo } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { expectElements, reduceBy, reductionOf } from './internal/reduction.ts'

/** Where to look for the position of an extreme. */
export interface ArgOptions {
  /** The dim to search, negatives counted from the end; default: the position in the flattened tensor. */
  dim?: number
  /** Whether the searched dim stays with size 1; default false. */
  keepdim?: boolean
}

function position(f: 'argmax' | 'argmin', x: TensorLike, options: ArgOptions | undefined): Tensor {
  const y = asTensor(f, 'x', x)
  const reduction = reductionOf(f, y, options)
  if (options?.dim !== undefined && reduction.dims.length !== 1)
    throw new SurprisalError('argument', `${f}: dim must be one dim, got ${reduction.dims.length}`)
  expectElements(f, reduction)
  if (options?.dim !== undefined) return reduceBy(f, f, y, reduction)
  const flat = reshapeTo(f, y, [y.size])
  return reshapeTo(f, reduceBy(f, f, flat, reductionOf(f, flat, {})), reduction.shape)
}

/**
 * Position of the largest element, int32: the lowest index among ties, the first NaN if there is one.
 *
 * @param x any shape and dtype
 * @param options `dim` (the flattened tensor), `keepdim` (false)
 * @throws {SurprisalError} `shape` for an empty dim
 */
export function argmax(x: TensorLike, options?: ArgOptions): Tensor {
  return position('argmax', x, options)
}

/**
 * Position of the smallest element, int32: the lowest index among ties, the first NaN if there is one.
 *
 * @param x any shape and dtype
 * @param options `dim` (the flattened tensor), `keepdim` (false)
 * @throws {SurprisalError} `shape` for an empty dim
 */
export function argmin(x: TensorLike, options?: ArgOptions): Tensor {
  return position('argmin', x, options)
}
