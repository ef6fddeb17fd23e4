import { defineOp, type Tensor, type TensorLike, tensor } from '@surprisal/tensor'
import { fail, shapeText, tensorOf } from '../_shared/arguments.ts'
import { codeRange, parametersOf, type SchemeOptions } from '../_shared/scheme.ts'

/** Options of {@link chooseQParams}. */
export type ChooseQParamsOptions = SchemeOptions

const op = 'chooseQParams'

/**
 * Scale and zero point for numbers between `min` and `max`.
 *
 * ```text
 * affine:    lo = min(min, 0), hi = max(max, 0), q = 2^bits - 1
 *            scale = (hi - lo) / q,  zeroPoint = clamp(round(-lo / scale), 0, q)
 * symmetric: scale = max(|lo|, |hi|) / (2^(bits - 1) - 1),  zeroPoint = 0
 * ```
 *
 * Rounding is half to even. An empty range gives scale 1 and zero point 0.
 *
 * @param min a number, or a float tensor of ranges
 * @param max the same
 * @returns numbers for numbers; for tensors `scale` float32 and `zeroPoint` int32 of their shape
 * @throws {SurprisalError} `argument` for min > max or what is not finite: at the call for numbers, else at the read
 * @see Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference, 2018
 */
export function chooseQParams(
  min: number,
  max: number,
  options?: ChooseQParamsOptions,
): { scale: number; zeroPoint: number }
export function chooseQParams(
  min: TensorLike,
  max: TensorLike,
  options?: ChooseQParamsOptions,
): { scale: Tensor; zeroPoint: Tensor }
export function chooseQParams(
  min: TensorLike | number,
  max: TensorLike | number,
  options: ChooseQParamsOptions = {},
): { scale: Tensor | number; zeroPoint: Tensor | number } {
  const range = codeRange(op, options)
  if (typeof min === 'number' && typeof max === 'number') {
    requireRange(min, max)
    const { scale, zero } = parametersOf(tensor(min), tensor(max), range)
    return { scale: scale.itemSync() as number, zeroPoint: zero.itemSync() as number }
  }
  const { scale, zero } = parametersOf(...rangesOf(min, max), range)
  return { scale, zeroPoint: zero.cast('int32') }
}

/** Both ends, looked at when they are computed. */
function rangesOf(min: TensorLike | number, max: TensorLike | number): [Tensor, Tensor] {
  const ends = [min, max].map((end, i) => {
    const x = typeof end === 'number' ? tensor(end) : tensorOf(op, i === 0 ? 'min' : 'max', end)
    return x.cast('float32')
  })
  const [low, high] = ends
  if (shapeText(low.shape) !== shapeText(high.shape))
    fail('shape', op, `max must have the shape of min, got ${shapeText(high.shape)} for ${shapeText(low.shape)}`)
  const check = defineOp({
    name: op,
    infer: inputs => inputs,
    reference: ([a, b], [lowest, highest]) => {
      for (let i = 0; i < a.data.length; i++) requireRange(a.data[i], b.data[i])
      lowest.set(a.data)
      highest.set(b.data)
    },
  })
  return check([low, high]) as [Tensor, Tensor]
}

function requireRange(min: number, max: number): void {
  for (const [name, value] of [
    ['min', min],
    ['max', max],
  ] as const)
    if (!Number.isFinite(value)) fail('argument', op, `${name} must not be non-finite, got ${value}`)
  if (min > max) fail('argument', op, `min must not exceed max, got ${min} and ${max}`)
}
