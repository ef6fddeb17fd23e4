import { SurprisalError } from '../error.ts'
import { shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { convolveBack } from './internal/bilinear-convolution.ts'
import { biasedProduct, convolutionArguments } from './internal/convolution-operands.ts'
import { type PerDim, perDim } from './internal/spatial.ts'
import { spans } from './internal/windows.ts'

/** Options of {@link convTranspose1d} and {@link convTranspose2d}: a number, or one for each spatial dim. */
export interface TransposedConvolutionOptions {
  /** Distance of neighbouring windows in the result. @default 1 */
  stride?: PerDim
  /** Places cut off on either side of the result. @default 0 */
  padding?: PerDim
  /** Places added at the end of the result, fewer than stride or dilation. @default 0 */
  outputPadding?: PerDim
  /** Distance of neighbouring places in a window. @default 1 */
  dilation?: PerDim
  /** Parts into which channels are split: each part of the inputs gives to one part of the outputs. @default 1 */
  groups?: number
}

function transposedConvolution(
  op: string,
  rank: number,
  ...args: readonly [
    TensorLike,
    TensorLike,
    (TensorLike | TransposedConvolutionOptions | null)?,
    TransposedConvolutionOptions?,
  ]
): Tensor {
  const given = convolutionArguments(op, rank, weight => weight.shape[0], args)
  const { x, weight, groups, options } = given
  const [outputs, kernel] = [x.shape.slice(2), weight.shape.slice(2)]
  const stride = perDim(op, 'stride', options.stride ?? 1, rank, 1)
  const dilation = perDim(op, 'dilation', options.dilation ?? 1, rank, 1)
  const before = perDim(op, 'padding', options.padding ?? 0, rank, 0)
  const extra = perDim(op, 'outputPadding', options.outputPadding ?? 0, rank, 0)
  if (extra.some((amount, d) => amount >= Math.max(stride[d], dilation[d])))
    throw new SurprisalError(
      'argument',
      `${op}: outputPadding must be smaller than stride or dilation, got ${shapeText(extra)}`,
    )
  const spanned = spans({ kernel, dilation })
  const sizes = outputs.map((size, d) => (size - 1) * stride[d] - 2 * before[d] + spanned[d] + extra[d])
  if (sizes.some(size => size < 0))
    throw new SurprisalError(
      'shape',
      `${op}: padding ${shapeText(before)} cuts off more than there is, leaving ${shapeText(sizes)}`,
    )
  const c = { op, groups, sizes, windows: { kernel, stride, dilation, before, outputs } }
  return biasedProduct(op, given, [x.shape[0], weight.shape[1] * groups, ...sizes], (t, w) => convolveBack(c, t, w))
}

/**
 * Transposed convolution over one dim, exactly the map from the gradient of the result of `conv1d` to that of its
 * input: each element gives its multiple of the kernel to its window, and what overlaps is added up.
 *
 * ```
 * y[n, o, i * stride + k * dilation - padding] += weight[c, o, k] x[n, c, i]
 * ```
 *
 * Dtypes as in `conv1d`.
 *
 * @param x `[N, C, L]`
 * @param weight `[C, O/groups, K]`
 * @param bias `[O]`, or nothing; options may stand in its place
 * @returns `[N, O, (L - 1) stride - 2 padding + dilation (K - 1) + outputPadding + 1]`
 * @throws {SurprisalError} `shape` when channels, groups or bias do not fit or padding leaves nothing, `argument` for
 * options that are no such numbers
 */
export function convTranspose1d(
  x: TensorLike,
  weight: TensorLike,
  bias?: TensorLike | TransposedConvolutionOptions | null,
  options?: TransposedConvolutionOptions,
): Tensor {
  return transposedConvolution('convTranspose1d', 1, x, weight, bias, options)
}

/**
 * Transposed convolution over two dims, otherwise as {@link convTranspose1d}.
 *
 * @param x `[N, C, H, W]`
 * @param weight `[C, O/groups, KH, KW]`
 * @param bias `[O]`, or nothing; options may stand in its place
 * @returns `[N, O, H', W']`
 */
export function convTranspose2d(
  x: TensorLike,
  weight: TensorLike,
  bias?: TensorLike | TransposedConvolutionOptions | null,
  options?: TransposedConvolutionOptions,
): Tensor {
  return transposedConvolution('convTranspose2d', 2, x, weight, bias, options)
}
