import { type Tensor, type TensorLike, tensor } from '@surprisal/tensor'
import { checked, fail, integerTensor, shapeText, tensorOf } from '../_shared/arguments.ts'
import { blocksOf, type GranularityOptions } from '../_shared/granularity.ts'

/** Options of {@link dequantizeAffine}: those with which the codes were made. */
export type DequantizeAffineOptions = GranularityOptions

const op = 'dequantizeAffine'

/**
 * The numbers that codes stand for, `(code - zeroPoint) scale`.
 *
 * @param codes integers of any shape
 * @param scale positive float tensor, one of each block, or a number
 * @param zeroPoint of the shape of scale, integers or floats, or a number; null for 0
 * @returns float32 of the shape of codes
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call; `argument` at the read for a scale <= 0
 * @see Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference, 2018
 */
export function dequantizeAffine(
  codes: TensorLike,
  scale: TensorLike | number,
  zeroPoint: TensorLike | number | null = null,
  options: DequantizeAffineOptions = {},
): Tensor {
  const q = integerTensor(op, 'codes', codes)
  const blocks = blocksOf(op, 'codes', q.shape, options)
  const perBlock = (name: string, x: TensorLike | number): Tensor => {
    const value = typeof x === 'number' ? tensor(x) : tensorOf(op, name, x)
    if (shapeText(value.shape) !== shapeText(blocks.scale))
      fail('shape', op, `${name} must have shape ${shapeText(blocks.scale)}, got ${shapeText(value.shape)}`)
    return value.cast('float32').reshape(blocks.kept)
  }
  const s = checked(op, 'scale', perBlock('scale', scale), value => value > 0, 'must be positive')
  const view = q.cast('float32').reshape(blocks.view)
  const centred = zeroPoint === null || zeroPoint === undefined ? view : view.sub(perBlock('zeroPoint', zeroPoint))
  return centred.mul(s).reshape(q.shape)
}
