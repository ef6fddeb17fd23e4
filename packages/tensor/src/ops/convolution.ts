import { SurprisalError } from '../error.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { convolve } from './internal/bilinear-convolution.ts'
import { biasedProduct, convolutionArguments } from './internal/convolution-operands.ts'
import { type PerDim, perDim, requireFit } from './internal/spatial.ts'
import { spans } from './internal/windows.ts'

/** Options of {@link conv1d}, {@link conv2d} and {@link conv3d}: a number, or one for each spatial dim. */
export interface ConvolutionOptions {
  /** Distance of neighbouring windows. @default 1 */
  stride?: PerDim
  /**
   * Zeros on either side; `'valid'` is 0, and `'same'` (strides of 1 only) as many as keep the size, one more at the
   * end where their number is odd. @default 0
   */
  padding?: PerDim | 'valid' | 'same'
  /** Distance of neighbouring places in a window. @default 1 */
  dilation?: PerDim
  /** Parts into which channels are split: each part of the outputs sees one part of the inputs. @default 1 */
  groups?: number
}

/** Zeros in front of and behind every spatial dim. */
function paddingOf(
  op: string,
  padding: PerDim | 'valid' | 'same',
  spanned: readonly number[],
  stride: readonly number[],
): [readonly number[], readonly number[]] {
  if (padding === 'same') {
    if (stride.some(step => step !== 1))
      throw new SurprisalError('argument', `${op}: padding 'same' needs a stride of 1, got [${stride.join(', ')}]`)
    return [spanned.map(span => (span - 1) >> 1), spanned.map(span => span >> 1)]
  }
  if (typeof padding === 'string' && padding !== 'valid')
    throw new SurprisalError('argument', `${op}: padding must be a number, a list, 'valid' or 'same', got ${padding}`)
  const both = perDim(op, 'padding', padding === 'valid' ? 0 : padding, spanned.length, 0)
  return [both, both]
}

function convolution(
  op: string,
  rank: number,
  ...args: readonly [TensorLike, TensorLike, (TensorLike | ConvolutionOptions | null)?, ConvolutionOptions?]
): Tensor {
  const given = convolutionArguments(op, rank, (weight, groups) => weight.shape[1] * groups, args)
  const { x, weight, groups, options } = given
  const [sizes, kernel] = [x.shape.slice(2), weight.shape.slice(2)]
  const stride = perDim(op, 'stride', options.stride ?? 1, rank, 1)
  const dilation = perDim(op, 'dilation', options.dilation ?? 1, rank, 1)
  const spanned = spans({ kernel, dilation })
  const [before, after] = paddingOf(op, options.padding ?? 0, spanned, stride)
  const padded = sizes.map((size, d) => size + before[d] + after[d])
  requireFit(op, spanned, padded)
  const outputs = padded.map((size, d) => Math.floor((size - spanned[d]) / stride[d]) + 1)
  const c = { op, groups, sizes, windows: { kernel, stride, dilation, before, outputs } }
  return biasedProduct(op, given, [x.shape[0], weight.shape[0], ...outputs], (t, w) => convolve(c, t, w))
}

/**
 * Convolution over one dim, as in neural networks (cross-correlation): the sum over the places `k` of a window and the
 * input channels of the group,
 *
 * ```
 * y[n, o, i] = bias[o] + sum_{c, k} weight[o, c, k] x[n, c, i * stride + k * dilation - padding]
 * ```
 *
 * Dtypes as in `matmul`: two 8-bit operands are accumulated exactly and give int32; float16 is computed in float32 and
 * rounded once, behind the bias. Gradients of every order are convolutions again.
 *
 * @param x `[N, C, L]`
 * @param weight `[O, C/groups, K]`
 * @param bias `[O]`, or nothing; options may stand in its place
 * @returns `[N, O, floor((L + 2 padding - dilation (K - 1) - 1) / stride) + 1]`
 * @throws {SurprisalError} `shape` when channels, groups or bias do not fit or a window is larger than the padded
 * input, `argument` for options that are no such numbers
 */
export function conv1d(
  x: TensorLike,
  weight: TensorLike,
  bias?: TensorLike | ConvolutionOptions | null,
  options?: ConvolutionOptions,
): Tensor {
  return convolution('conv1d', 1, x, weight, bias, options)
}

/**
 * Convolution over two dims, otherwise as {@link conv1d}.
 *
 * @param x `[N, C, H, W]`
 * @param weight `[O, C/groups, KH, KW]`
 * @param bias `[O]`, or nothing; options may stand in its place
 * @returns `[N, O, H', W']`
 */
export function conv2d(
  x: TensorLike,
  weight: TensorLike,
  bias?: TensorLike | ConvolutionOptions | null,
  options?: ConvolutionOptions,
): Tensor {
  return convolution('conv2d', 2, x, weight, bias, options)
}

/**
 * Convolution over three dims, otherwise as {@link conv1d}.
 *
 * @param x `[N, C, D, H, W]`
 * @param weight `[O, C/groups, KD, KH, KW]`
 * @param bias `[O]`, or nothing; options may stand in its place
 * @returns `[N, O, D', H', W']`
 */
export function conv3d(
  x: TensorLike,
  weight: TensorLike,
  bias?: TensorLike | ConvolutionOptions | null,
  options?: ConvolutionOptions,
): Tensor {
  return convolution('conv3d', 3, x, weight, bias, options)
}
