import type { DType } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { asTensor, promotePair } from '../operand.ts'
import { cast, gatherAlong, host, inFloat32, putSlices, scatterAlong, takeSlices } from '../primitive.ts'
import { checkShape, normalizeDim, sameShape, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { type CreationOptions, checkCreation } from './creation.ts'
import { indexTensor, replaceDim, requireInteger, requireRank } from './internal/arguments.ts'
import { scatterOperands } from './internal/scatter.ts'
import { reshapeView } from './internal/views.ts'

/**
 * Elements along one dim, each place of the index choosing for itself:
 * `out[i][j] = x[i][index[i][j]]` for dim 1.
 *
 * @param index int32 or uint8, of the rank of x and no larger in the other dims; the result has its shape
 * @returns dtype of x
 * @throws {SurprisalError} `index` at the read when an index is negative or too large
 */
export function gather(x: TensorLike, dim: number, index: TensorLike): Tensor {
  const t = asTensor('gather', 'x', x)
  const d = normalizeDim('gather', dim, t.shape.length)
  const i = indexTensor('gather', index)
  requireRank('gather', 'index', i.shape, t.shape.length)
  if (i.shape.some((size, other) => other !== d && size > t.shape[other]))
    throw new SurprisalError(
      'shape',
      `gather: index must not exceed x but in dim ${d}, got ${shapeText(i.shape)} for ${shapeText(t.shape)}`,
    )
  return gatherAlong('gather', t, d, i)
}

/**
 * `x` with elements replaced along one dim: `out[i][index[i][j]] = src[i][j]` for dim 1. Where a place is written
 * several times, the last one in row-major order of the index wins and takes the gradient.
 *
 * @param index int32 or uint8, of the rank of x and no larger in the other dims
 * @param src tensor at least as large as the index in every dim, or a number; x and src are promoted
 * @throws {SurprisalError} `index` at the read when an index is negative or too large
 */
export function scatter(x: TensorLike, dim: number, index: TensorLike, src: TensorLike | number | boolean): Tensor {
  const { base, d, i, source } = scatterOperands('scatter', x, dim, index, src)
  return scatterAlong('scatter', 'set', base, d, i, source)
}

/**
 * `x` with elements added along one dim: `out[i][index[i][j]] += src[i][j]` for dim 1, in row-major order.
 * Arguments as in {@link scatter}.
 */
export function scatterAdd(x: TensorLike, dim: number, index: TensorLike, src: TensorLike | number): Tensor {
  const { base, d, i, source } = scatterOperands('scatterAdd', x, dim, index, src)
  return inFloat32('scatterAdd', base, y =>
    scatterAlong('scatterAdd', 'add', y, d, i, cast('scatterAdd', source, y.dtype)),
  )
}

/**
 * Whole slices along one dim.
 * @param index int32 or uint8 vector
 * @throws {SurprisalError} `index` at the read when an index is negative or too large
 */
export function indexSelect(x: TensorLike, dim: number, index: TensorLike): Tensor {
  const t = asTensor('indexSelect', 'x', x)
  const d = normalizeDim('indexSelect', dim, t.shape.length)
  const i = indexTensor('indexSelect', index)
  requireRank('indexSelect', 'index', i.shape, 1)
  return takeSlices('indexSelect', t, d, i)
}

/**
 * `x` with whole slices added along one dim.
 * @param index int32 or uint8 vector
 * @param src of the shape of x, with as many slices as the index has entries; x and src are promoted
 * @throws {SurprisalError} `index` at the read when an index is negative or too large
 */
export function indexAdd(x: TensorLike, dim: number, index: TensorLike, src: TensorLike): Tensor {
  const [t, source] = promotePair('indexAdd', asTensor('indexAdd', 'x', x), asTensor('indexAdd', 'src', src))
  const d = normalizeDim('indexAdd', dim, t.shape.length)
  const i = indexTensor('indexAdd', index)
  requireRank('indexAdd', 'index', i.shape, 1)
  const wanted = replaceDim(t.shape, d, i.shape[0])
  if (!sameShape(source.shape, wanted))
    throw new SurprisalError(
      'shape',
      `indexAdd: src must have shape ${shapeText(wanted)}, got ${shapeText(source.shape)}`,
    )
  return inFloat32('indexAdd', t, y => putSlices('indexAdd', 'add', y, d, i, cast('indexAdd', source, y.dtype)))
}

/**
 * Rows of a table, the first layer of most models over words.
 * @param weight `[V, D]`
 * @param index int32 or uint8 of any shape
 * @returns `[...index.shape, D]`
 * @throws {SurprisalError} `index` at the read when an index is negative or too large
 */
export function embedding(weight: TensorLike, index: TensorLike): Tensor {
  const table = asTensor('embedding', 'weight', weight)
  requireRank('embedding', 'weight', table.shape, 2)
  const i = indexTensor('embedding', index)
  const shape = [...i.shape, table.shape[1]]
  checkShape('embedding', shape)
  const rows = takeSlices('embedding', table, 0, reshapeView('embedding', i, [i.size]))
  return reshapeView('embedding', rows, shape)
}

/**
 * Elements of the flattened `x`.
 * @param index int32 or uint8 of any shape, which the result has
 * @throws {SurprisalError} `index` at the read when an index is negative or too large
 */
export function take(x: TensorLike, index: TensorLike): Tensor {
  const t = asTensor('take', 'x', x)
  const i = indexTensor('take', index)
  const picked = takeSlices('take', reshapeView('take', t, [t.size]), 0, reshapeView('take', i, [i.size]))
  return reshapeView('take', picked, i.shape)
}

/**
 * A new last dim with 1 at the index and 0 elsewhere.
 * @param index int32 or uint8 of any shape
 * @param numClasses size of the new dim
 * @param options dtype, float32 by default
 * @throws {SurprisalError} `index` at the read when an index is not below numClasses
 */
export function oneHot(index: TensorLike, numClasses: number, options: CreationOptions = {}): Tensor {
  const i = indexTensor('oneHot', index)
  requireInteger('oneHot', 'numClasses', numClasses)
  checkCreation('oneHot', options)
  const shape = [...i.shape, numClasses]
  checkShape('oneHot', shape)
  const { dtype = 'float32' }: { dtype?: DType } = options
  return host('oneHot', [i], dtype, shape, ([classes], _shapes, output) => {
    output.fill(0)
    for (let at = 0; at < classes.length; at++) {
      const k = classes[at]
      if (k < 0 || k >= numClasses)
        throw new SurprisalError('index', `oneHot: index ${k} is out of range for ${numClasses} classes`)
      output[at * numClasses + k] = 1
    }
  })
}
