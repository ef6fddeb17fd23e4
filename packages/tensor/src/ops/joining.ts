import { type DType, promote } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { asTensor } from '../operand.ts'
import { cast, concatenate } from '../primitive.ts'
import { checkShape, normalizeDim, sameShape, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { replaceDim, requireInteger, requireRank, variadic } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { reshapeView, selectView, sliceView, stridedView } from './internal/views.ts'

/** Options of the ops that join or take apart. */
export interface DimOptions {
  /** Along which dim. @default 0 */
  dim?: number
}

/** Tensors, one by one or in one list, and options last. */
export type JoinArguments = readonly (TensorLike | readonly TensorLike[] | DimOptions)[]

function promoted(op: string, parts: readonly Tensor[]): Tensor[] {
  const dtype = parts.reduce<DType>((sum, part) => promote(sum, part.dtype), parts[0].dtype)
  return parts.map(part => cast(op, part, dtype))
}

/**
 * Joins tensors along a dim that they have: `cat(a, b, { dim: 1 })` or `cat([a, b], { dim: 1 })`.
 * The dtype is the promoted one.
 * @throws {SurprisalError} `shape` unless ranks and all other dims agree, of empty parts too
 */
export function cat(...args: JoinArguments): Tensor {
  const [given, { dim = 0 }] = variadic<DimOptions>('cat', args)
  const parts = promoted('cat', given)
  const first = parts[0].shape
  const d = normalizeDim('cat', dim, first.length)
  for (const { shape } of parts)
    if (shape.length !== first.length || shape.some((size, i) => i !== d && size !== first[i]))
      throw new SurprisalError(
        'shape',
        `cat: shapes ${shapeText(first)} and ${shapeText(shape)} must agree but for dim ${d}`,
      )
  const total = parts.reduce((sum, part) => sum + part.shape[d], 0)
  checkShape('cat', replaceDim(first, d, total))
  return concatenate('cat', parts, d)
}

/**
 * Joins tensors of one shape along a new dim, which is counted in the result.
 * @throws {SurprisalError} `shape` when shapes differ
 */
export function stack(...args: JoinArguments): Tensor {
  const [given, { dim = 0 }] = variadic<DimOptions>('stack', args)
  const parts = promoted('stack', given)
  const first = parts[0].shape
  const d = normalizeDim('stack', dim, first.length + 1)
  for (const { shape } of parts)
    if (!sameShape(shape, first))
      throw new SurprisalError('shape', `stack: shapes ${shapeText(first)} and ${shapeText(shape)} must be equal`)
  const unit = [...first.slice(0, d), 1, ...first.slice(d)]
  checkShape('stack', replaceDim(unit, d, parts.length))
  return concatenate(
    'stack',
    parts.map(part => reshapeView('stack', part, unit)),
    d,
  )
}

function cutAt(op: string, x: Tensor, dim: number, sizes: readonly number[]): Tensor[] {
  let start = 0
  return sizes.map(size => {
    start += size
    return sliceView(op, x, dim, start - size, size)
  })
}

function equalSizes(total: number, size: number): number[] {
  if (total === 0) return [0]
  return Array.from({ length: Math.ceil(total / size) }, (_, i) => Math.min(size, total - i * size))
}

/**
 * Takes a tensor apart along one dim.
 * @param sizes of the parts: a list that adds up to the dim's size, or one number for equal parts, the last shorter
 * @throws {SurprisalError} `argument` when a list does not add up
 */
export function split(x: TensorLike, sizes: number | readonly number[], options: DimOptions = {}): Tensor[] {
  const { dim = 0 } = optionsOf('split', options)
  const t = asTensor('split', 'x', x)
  const d = normalizeDim('split', dim, t.shape.length)
  const total = t.shape[d]
  if (typeof sizes === 'number') {
    requireInteger('split', 'sizes', sizes, total === 0 ? 0 : 1)
    return cutAt('split', t, d, equalSizes(total, sizes))
  }
  for (const size of sizes) requireInteger('split', 'sizes', size)
  if (sizes.reduce((sum, size) => sum + size, 0) !== total)
    throw new SurprisalError(
      'argument',
      `split: sizes ${shapeText(sizes)} must add up to ${total}, the size of dim ${d}`,
    )
  return cutAt('split', t, d, sizes)
}

/**
 * Takes a tensor apart into at most `n` parts of equal size, the last one shorter.
 * @param n number of parts; a dim that is too short gives fewer
 */
export function chunk(x: TensorLike, n: number, options: DimOptions = {}): Tensor[] {
  const { dim = 0 } = optionsOf('chunk', options)
  const t = asTensor('chunk', 'x', x)
  const d = normalizeDim('chunk', dim, t.shape.length)
  requireInteger('chunk', 'n', n, 1)
  const total = t.shape[d]
  const sizes = total === 0 ? new Array<number>(n).fill(0) : equalSizes(total, Math.ceil(total / n))
  return cutAt('chunk', t, d, sizes)
}

/** All slices along one dim, which goes away. */
export function unbind(x: TensorLike, options: DimOptions = {}): Tensor[] {
  const { dim = 0 } = optionsOf('unbind', options)
  const t = asTensor('unbind', 'x', x)
  const d = normalizeDim('unbind', dim, t.shape.length)
  return Array.from({ length: t.shape[d] }, (_, i) => selectView('unbind', t, d, i))
}

/**
 * Coordinates of a grid: of vectors of lengths n, m, ... as many tensors `[n, m, ...]`, each varying along its own
 * dim (`ij` order). Scalars count as vectors of one element; the dtype is the promoted one.
 */
export function meshgrid(...args: JoinArguments): Tensor[] {
  const [given] = variadic<object>('meshgrid', args)
  const vectors = promoted('meshgrid', given)
  for (const { shape } of vectors) if (shape.length > 0) requireRank('meshgrid', 'an input', shape, 1)
  const shape = vectors.map(vector => vector.size)
  checkShape('meshgrid', shape)
  return vectors.map((vector, i) =>
    stridedView(
      'meshgrid',
      vector,
      shape,
      shape.map((_, d) => (d === i ? 1 : 0)),
    ),
  )
}
