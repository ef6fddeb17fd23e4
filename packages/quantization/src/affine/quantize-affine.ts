import type { Tensor, TensorLike } from '@surprisal/tensor'
import { fail, finiteTensor, shapeText } from '../_shared/arguments.ts'
import { blocksOf, type GranularityOptions } from '../_shared/granularity.ts'
import { codeRange, parametersOf, type SchemeOptions } from '../_shared/scheme.ts'

/** Options of {@link quantizeAffine}. */
export interface QuantizeAffineOptions extends SchemeOptions, GranularityOptions {
  /** Whether symmetric codes leave out -2^(bits - 1), so that they are as many on both sides of 0. @default true */
  narrowRange?: boolean
}

/** What {@link quantizeAffine} gives. */
export interface AffineQuantized {
  /** int32 codes of the shape of x; `codes.cast('int8')` stores symmetric ones in a byte each. */
  codes: Tensor
  /** float32, one of each block: `[]`, `[channels]`, the leading dims, or `[..., groups]`. */
  scale: Tensor
  /** int32 of the shape of scale; 0 when symmetric. */
  zeroPoint: Tensor
  /** float32 numbers of the shape of x that the codes stand for. */
  dequantized: Tensor
}

const op = 'quantizeAffine'

/**
 * Rounds numbers to evenly spaced ones (round to nearest), with ranges from the numbers themselves.
 *
 * ```text
 * scale, zeroPoint of each block by chooseQParams(min, max)
 * code = clamp(round(x / scale) + zeroPoint, low, high),   x^ = (code - zeroPoint) scale
 * affine: low = 0, high = 2^bits - 1;   symmetric: high = 2^(bits - 1) - 1, low = -high (or -high - 1)
 * ```
 *
 * Rounding is half to even. A block of zeros has scale 1. For embeddings, `{ scheme: 'symmetric', granularity: 'token' }`
 * is int8 with one scale a vector. No gradient passes.
 *
 * @param x float tensor of any shape but an empty one
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call; `argument` at the read for a non-finite number
 * @see Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference, 2018
 */
export function quantizeAffine(x: TensorLike, options: QuantizeAffineOptions = {}): AffineQuantized {
  const range = codeRange(op, options, options.narrowRange)
  const numbers = finiteTensor(op, 'x', x)
  if (numbers.size === 0) fail('shape', op, `x must not be empty, got shape ${shapeText(numbers.shape)}`)
  const blocks = blocksOf(op, 'x', numbers.shape, options)

  const view = numbers.reshape(blocks.view)
  const over = { dim: blocks.dims, keepdim: true }
  const { scale, zero } = parametersOf(view.min(over), view.max(over), range)
  const codes = view.div(scale).round().add(zero).clamp({ min: range.low, max: range.high })
  return {
    codes: codes.cast('int32').reshape(numbers.shape),
    scale: scale.reshape(blocks.scale),
    zeroPoint: zero.cast('int32').reshape(blocks.scale),
    dequantized: codes.sub(zero).mul(scale).reshape(numbers.shape),
  }
}
