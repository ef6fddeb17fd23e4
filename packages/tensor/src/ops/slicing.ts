import { SurprisalError } from '../error.ts'
import { asTensor, isOptions } from '../operand.ts'
import { takeSlices } from '../primitive.ts'
import { checkShape, contiguousStrides, normalizeDim } from '../shape.ts'
import { Tensor, type TensorLike } from '../tensor.ts'
import { got, indexError, indexTensor, replaceDim, requireInteger, requireRank } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { reshapeView, sameView, selectView, sliceView, stridedView } from './internal/views.ts'

/** A range of indices as Python's slices read it: negatives count from the end, what lies outside is cut off. */
export interface SliceOptions {
  /** First index. @default 0 */
  start?: number | null
  /** Index behind the last one. @default the dim's size */
  end?: number | null
  /** Distance of neighbours, at least 1. @default 1 */
  step?: number | null
}

function sliceDim(op: string, x: Tensor, dim: number, options: SliceOptions): Tensor {
  const { start, end, step } = optionsOf(op, options)
  const size = x.shape[dim]
  const stride = step ?? 1
  if (!Number.isInteger(stride) || stride < 1)
    throw new SurprisalError('argument', `${op}: step must be an integer of at least 1, got ${got(stride)}`)
  const clamp = (name: string, at: number): number => {
    if (Number.isNaN(at) || (Number.isFinite(at) && !Number.isInteger(at)) || typeof at !== 'number')
      throw new SurprisalError('argument', `${op}: ${name} must be an integer, got ${got(at)}`)
    return Math.min(size, Math.max(0, at < 0 ? at + size : at))
  }
  const first = clamp('start', start ?? 0)
  const length = Math.max(0, Math.ceil((clamp('end', end ?? size) - first) / stride))
  return sliceView(op, x, dim, first, length, stride)
}

/**
 * A range of indices along one dim.
 * @param options start, end and step
 * @throws {SurprisalError} `argument` when step is not a positive integer
 */
export function slice(x: TensorLike, dim: number, options: SliceOptions = {}): Tensor {
  const t = asTensor('slice', 'x', x)
  return sliceDim('slice', t, normalizeDim('slice', dim, t.shape.length), options)
}

/**
 * `length` neighbouring indices along one dim.
 * @param start first index; negatives count from the end
 * @throws {SurprisalError} `argument` when the range leaves the dim
 */
export function narrow(x: TensorLike, dim: number, start: number, length: number): Tensor {
  const t = asTensor('narrow', 'x', x)
  const d = normalizeDim('narrow', dim, t.shape.length)
  const size = t.shape[d]
  const first = start < 0 ? start + size : start
  requireInteger('narrow', 'length', length)
  if (!Number.isInteger(start) || first < 0 || first + length > size)
    throw new SurprisalError(
      'argument',
      `narrow: start ${start} with length ${length} is out of range for dim ${d} with size ${size}`,
    )
  return sliceView('narrow', t, d, first, length)
}

function selectDim(op: string, x: Tensor, dim: number, index: number, label: number): Tensor {
  const size = x.shape[dim]
  const i = index < 0 ? index + size : index
  if (!Number.isInteger(index) || i < 0 || i >= size) throw indexError(op, index, label, size)
  return selectView(op, x, dim, i)
}

/**
 * One index along a dim, which goes away.
 * @param index negatives count from the end
 * @throws {SurprisalError} `index` when there is no such index
 */
export function select(x: TensorLike, dim: number, index: number): Tensor {
  const t = asTensor('select', 'x', x)
  const d = normalizeDim('select', dim, t.shape.length)
  return selectDim('select', t, d, index, d)
}

/**
 * One entry of {@link at}: an index (its dim goes away), `null` (a new dim of size 1), `'...'` (all dims in
 * between), a range, or an int32 vector of indices (as `indexSelect`).
 */
export type IndexSpec = number | null | '...' | SliceOptions | TensorLike

const isIndexTensor = (entry: IndexSpec): entry is TensorLike =>
  entry instanceof Tensor || (typeof entry === 'object' && entry !== null && !isOptions(entry))

/**
 * Indexes the dims one after the other, as NumPy's square brackets do: `at(x, 0, '...', { start: 1 }, null)`.
 * Dims without an entry stay whole. An empty object at the very end counts as options, not as an entry.
 *
 * @throws {SurprisalError} `argument` for too many entries or a second `'...'`, `index` for an index out of range
 * (of an index tensor: at the read)
 */
export function at(x: TensorLike, ...spec: IndexSpec[]): Tensor {
  let y = sameView('at', asTensor('at', 'x', x))
  const last = spec[spec.length - 1]
  const entries = isOptions(last) && Object.keys(last).length === 0 ? spec.slice(0, -1) : spec
  const rank = y.shape.length
  const used = entries.filter(entry => entry !== null && entry !== '...').length
  if (used > rank) throw new SurprisalError('argument', `at: ${used} indices are too many for rank ${rank}`)
  if (entries.filter(entry => entry === '...').length > 1)
    throw new SurprisalError('argument', "at: '...' may stand only once")
  let dim = 0
  let source = 0
  for (const entry of entries) {
    if (entry === '...') {
      dim += rank - used
      source += rank - used
    } else if (entry === null) {
      y = reshapeView('at', y, [...y.shape.slice(0, dim), 1, ...y.shape.slice(dim)])
      dim += 1
    } else if (typeof entry === 'number') {
      y = selectDim('at', y, dim, entry, source)
      source += 1
    } else {
      y = isIndexTensor(entry) ? takeAt(y, dim, entry) : sliceAt(y, dim, entry)
      dim += 1
      source += 1
    }
  }
  checkShape('at', y.shape)
  return y
}

function takeAt(x: Tensor, dim: number, index: TensorLike): Tensor {
  const i = indexTensor('at', index)
  requireRank('at', 'index', i.shape, 1)
  return takeSlices('at', x, dim, i)
}

function sliceAt(x: Tensor, dim: number, range: SliceOptions): Tensor {
  if (!isOptions(range))
    throw new SurprisalError(
      'argument',
      `at: an index must be a number, null, '...', a range or a tensor, got ${got(range)}`,
    )
  return sliceDim('at', x, dim, range)
}

/**
 * Sliding windows along one dim: `[..., n, ...]` becomes `[..., windows, ..., size]`, with
 * `windows = floor((n - size) / step) + 1`. What overlaps is added up in the gradient.
 *
 * @param size length of a window, at least 1
 * @param step distance of neighbouring windows, at least 1
 * @throws {SurprisalError} `argument` when a window is longer than the dim
 */
export function unfold(x: TensorLike, dim: number, size: number, step: number): Tensor {
  const t = asTensor('unfold', 'x', x)
  const d = normalizeDim('unfold', dim, t.shape.length)
  requireInteger('unfold', 'size', size, 1)
  requireInteger('unfold', 'step', step, 1)
  const length = t.shape[d]
  if (size > length)
    throw new SurprisalError('argument', `unfold: size ${size} is larger than dim ${d} with size ${length}`)
  const strides = contiguousStrides(t.shape)
  const shape = [...replaceDim(t.shape, d, Math.floor((length - size) / step) + 1), size]
  checkShape('unfold', shape)
  return stridedView('unfold', t, shape, [...replaceDim(strides, d, strides[d] * step), strides[d]])
}
