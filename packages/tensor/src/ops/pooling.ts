import type { Tensor, TensorLike } from '../tensor.ts'
import { averageOver } from './internal/average-pool.ts'
import { optionsOf } from './internal/checks.ts'
import { maximumOver } from './internal/max-pool.ts'
import { poolWindows } from './internal/pool-windows.ts'
import { type PerDim, spatialTensor } from './internal/spatial.ts'

/** Options of {@link maxPool1d} and {@link maxPool2d}: a number, or one for each spatial dim. */
export interface MaxPoolOptions {
  /** Distance of neighbouring windows. @default kernelSize */
  stride?: PerDim
  /** Places on either side that never win, at most half of a window. @default 0 */
  padding?: PerDim
  /** Distance of neighbouring places in a window. @default 1 */
  dilation?: PerDim
  /** Let a last window reach over the end, unless it would start in the padding there. @default false */
  ceilMode?: boolean
}

/** Options of {@link avgPool1d} and {@link avgPool2d}: a number, or one for each spatial dim. */
export interface AvgPoolOptions {
  /** Distance of neighbouring windows. @default kernelSize */
  stride?: PerDim
  /** Zeros on either side, at most half of a window. @default 0 */
  padding?: PerDim
  /** Let a last window reach over the end, unless it would start in the padding there. @default false */
  ceilMode?: boolean
  /** Count the zeros of the padding (but nothing beyond it) among the elements of a window. @default true */
  countIncludePad?: boolean
}

function maxPool(op: string, rank: number, x: TensorLike, kernelSize: PerDim, options?: MaxPoolOptions): Tensor {
  const t = spatialTensor(op, 'x', x, rank)
  return maximumOver(op, t, poolWindows(op, t.shape.slice(2), kernelSize, optionsOf(op, options)).windows)
}

/**
 * The largest element of each window over one dim; NaN if any is NaN. Every dtype is kept. The gradient goes to the
 * first of the largest elements of a window.
 *
 * @param x `[N, C, L]`
 * @param kernelSize length of a window
 * @returns `[N, C, floor((L + 2 padding - dilation (kernelSize - 1) - 1) / stride) + 1]`, with `ceilMode` rounded up
 * @throws {SurprisalError} `shape` when a window is larger than the padded input, `argument` for options that are no
 * such numbers or padding of more than half of a window
 */
export function maxPool1d(x: TensorLike, kernelSize: PerDim, options?: MaxPoolOptions): Tensor {
  return maxPool('maxPool1d', 1, x, kernelSize, options)
}

/**
 * The largest element of each window over two dims, otherwise as {@link maxPool1d}.
 *
 * @param x `[N, C, H, W]`
 * @param kernelSize sizes of a window
 * @returns `[N, C, H', W']`
 */
export function maxPool2d(x: TensorLike, kernelSize: PerDim, options?: MaxPoolOptions): Tensor {
  return maxPool('maxPool2d', 2, x, kernelSize, options)
}

function avgPool(op: string, rank: number, x: TensorLike, kernelSize: PerDim, options?: AvgPoolOptions): Tensor {
  const t = spatialTensor(op, 'x', x, rank)
  const { countIncludePad = true, ...rest } = optionsOf(op, options)
  const { windows, padding } = poolWindows(op, t.shape.slice(2), kernelSize, rest)
  return averageOver(op, t, windows, countIncludePad ? padding : padding.map(() => 0))
}

/**
 * The mean of each window over one dim; integers give float32.
 *
 * @param x `[N, C, L]`
 * @param kernelSize length of a window
 * @returns `[N, C, floor((L + 2 padding - kernelSize) / stride) + 1]`, with `ceilMode` rounded up
 * @throws {SurprisalError} `shape` when a window is larger than the padded input, `argument` for options that are no
 * such numbers or padding of more than half of a window
 */
export function avgPool1d(x: TensorLike, kernelSize: PerDim, options?: AvgPoolOptions): Tensor {
  return avgPool('avgPool1d', 1, x, kernelSize, options)
}

/**
 * The mean of each window over two dims, otherwise as {@link avgPool1d}.
 *
 * @param x `[N, C, H, W]`
 * @param kernelSize sizes of a window
 * @returns `[N, C, H', W']`
 */
export function avgPool2d(x: TensorLike, kernelSize: PerDim, options?: AvgPoolOptions): Tensor {
  return avgPool('avgPool2d', 2, x, kernelSize, options)
}
