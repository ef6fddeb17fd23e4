import { promote } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { asTensor, isOptions } from '../operand.ts'
import { cast, reduceKeep, withRule } from '../primitive.ts'
import { type Shape, sameShape, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { add, div, mul, reciprocal, square, sub } from './arithmetic.ts'
import { got } from './internal/arguments.ts'
import { expectFloat, numberOption, optionsOf } from './internal/checks.ts'
import { sqrt } from './powers.ts'

/** Options of {@link layerNorm} and {@link rmsNorm}. */
export interface NormalizationOptions {
  /** Added to the variance or mean square; default 1e-5 for `layerNorm`, 1e-6 for `rmsNorm`. */
  eps?: number
}

type Optional = TensorLike | null | undefined

/** The dims that `normalizedShape` names, after checking it against the shape. */
function trailingDims(op: string, x: Tensor, normalizedShape: number | Shape): number[] {
  const sizes = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape
  if (!Array.isArray(sizes) || sizes.length === 0)
    throw new SurprisalError('argument', `${op}: normalizedShape must be a size or a list of sizes, got ${got(sizes)}`)
  const first = x.ndim - sizes.length
  if (first < 0 || !sameShape(x.shape.slice(first), sizes))
    throw new SurprisalError(
      'shape',
      `${op}: normalizedShape ${shapeText(sizes)} must equal the last dims of ${shapeText(x.shape)}`,
    )
  return sizes.map((_, i) => first + i)
}

/** A scale or shift of the normalized dims. */
function affine(op: string, name: string, value: Optional, shape: Shape): Tensor | null {
  if (value === null || value === undefined) return null
  const tensor = expectFloat(op, asTensor(op, name, value))
  if (!sameShape(tensor.shape, shape))
    throw new SurprisalError(
      'shape',
      `${op}: ${name} must have shape ${shapeText(shape)}, got ${shapeText(tensor.shape)}`,
    )
  return tensor
}

function meanOver(op: string, x: Tensor, dims: readonly number[]): Tensor {
  return div(
    reduceKeep(op, 'sum', x, dims),
    dims.reduce((size, d) => size * x.shape[d], 1),
  )
}

/** `x / sqrt(mean(x^2) + eps)` after subtracting the mean if `centred`, with the short form of its gradient. */
function standardize(op: string, x: Tensor, dims: readonly number[], eps: number, centred: boolean): Tensor {
  const centre = (t: Tensor) => (centred ? sub(t, meanOver(op, t, dims)) : t)
  const scale = (t: Tensor) => reciprocal(sqrt(add(meanOver(op, square(t), dims), eps)))
  const deviation = centre(x)
  return withRule(op, mul(deviation, scale(deviation)), [x], (dy, [input], output) => {
    const along = mul(output, meanOver(op, mul(dy, output), dims))
    return [mul(sub(centre(dy), along), scale(centre(input)))]
  })
}

function normalize(
  op: string,
  x: TensorLike,
  normalizedShape: number | Shape,
  parts: { weight: Optional; bias: Optional },
  eps: number,
  centred: boolean,
): Tensor {
  const y = expectFloat(op, asTensor(op, 'x', x))
  const dims = trailingDims(op, y, normalizedShape)
  const shape = dims.map(d => y.shape[d])
  const weight = affine(op, 'weight', parts.weight, shape)
  const bias = affine(op, 'bias', parts.bias, shape)
  const dtype = [weight, bias].reduce((all, part) => (part ? promote(all, part.dtype) : all), y.dtype)
  let out = standardize(op, cast(op, y, 'float32'), dims, eps, centred)
  if (weight) out = mul(out, weight)
  if (bias) out = add(out, bias)
  return cast(op, out, dtype)
}

/**
 * `(x - mean) / sqrt(variance + eps) * weight + bias` over the last dims, with the biased variance (Ba et al. 2016).
 *
 * @param x float tensor `[..., ...normalizedShape]`
 * @param normalizedShape sizes of the dims to normalize over, or the size of the last one
 * @param weight shape `normalizedShape`; omitted or null: 1
 * @param bias shape `normalizedShape`; omitted or null: 0
 * @param options `eps` (1e-5)
 * @throws {SurprisalError} `dtype` for integers, `shape` where x, weight or bias do not fit
 */
export function layerNorm(
  x: TensorLike,
  normalizedShape: number | readonly number[],
  weight?: TensorLike | null | NormalizationOptions,
  bias?: TensorLike | null | NormalizationOptions,
  options?: NormalizationOptions,
): Tensor {
  const op = 'layerNorm'
  const given = [weight, bias, options].find(isOptions) as NormalizationOptions | undefined
  const eps = numberOption(op, 'eps', optionsOf(op, given ?? options).eps, 1e-5)
  const tensor = (part: typeof weight): Optional => (isOptions(part) ? null : (part as Optional))
  return normalize(op, x, normalizedShape, { weight: tensor(weight), bias: tensor(bias) }, eps, true)
}

/**
 * `x / sqrt(mean(x^2) + eps) * weight` over the last dims (Zhang and Sennrich 2019).
 *
 * @param x float tensor `[..., ...normalizedShape]`
 * @param normalizedShape sizes of the dims to normalize over, or the size of the last one
 * @param weight shape `normalizedShape`; omitted or null: 1
 * @param options `eps` (1e-6)
 * @throws {SurprisalError} `dtype` for integers, `shape` where x or weight do not fit
 */
export function rmsNorm(
  x: TensorLike,
  normalizedShape: number | readonly number[],
  weight?: TensorLike | null | NormalizationOptions,
  options?: NormalizationOptions,
): Tensor {
  const op = 'rmsNorm'
  const given = [weight, options].find(isOptions) as NormalizationOptions | undefined
  const eps = numberOption(op, 'eps', optionsOf(op, given ?? options).eps, 1e-6)
  const scale = isOptions(weight) ? null : (weight as Optional)
  return normalize(op, x, normalizedShape, { weight: scale, bias: null }, eps, false)
}
