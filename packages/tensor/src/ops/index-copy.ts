import { SurprisalError } from '../error.ts'
import { asTensor, promotePair } from '../operand.ts'
import { cast, inFloat32, putSlices } from '../primitive.ts'
import { normalizeDim, sameShape, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { indexTensor, requireRank } from './internal/arguments.ts'

/**
 * `x` with whole slices replaced along one dim; where an index repeats, the last slice stays.
 * @param index int32 or uint8 vector
 * @param src of the shape of x, with as many slices as the index has entries; x and src are promoted
 * @throws {SurprisalError} `index` at the read when an index is negative or too large
 */
export function indexCopy(x: TensorLike, dim: number, index: TensorLike, src: TensorLike): Tensor {
  const [t, source] = promotePair('indexCopy', asTensor('indexCopy', 'x', x), asTensor('indexCopy', 'src', src))
  const d = normalizeDim('indexCopy', dim, t.shape.length)
  const i = indexTensor('indexCopy', index)
  requireRank('indexCopy', 'index', i.shape, 1)
  const wanted = t.shape.map((size, at) => (at === d ? i.shape[0] : size))
  if (!sameShape(source.shape, wanted))
    throw new SurprisalError(
      'shape',
      `indexCopy: src must have shape ${shapeText(wanted)}, got ${shapeText(source.shape)}`,
    )
  return inFloat32('indexCopy', t, y => putSlices('indexCopy', 'set', y, d, i, cast('indexCopy', source, y.dtype)))
}
