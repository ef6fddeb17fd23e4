import { SurprisalError } from '../error.ts'
import { asTensor } from '../operand.ts'
import { checkShape, normalizeDim, normalizeDims, type Shape, shapeText, sizeOf } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { numberList, replaceDim } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { reshapeView } from './internal/views.ts'

/** `shape` with its -1, if any, worked out so that it holds `size` elements. */
function inferShape(op: string, size: number, shape: Shape): number[] {
  const open = shape.filter(dim => dim === -1).length
  if (open > 1) throw new SurprisalError('shape', `${op}: only one dim may be -1, got ${shapeText(shape)}`)
  const known = shape.filter(dim => dim !== -1)
  checkShape(op, known)
  const rest = sizeOf(known)
  if (open === 0 ? rest !== size : rest === 0 || size % rest !== 0)
    throw new SurprisalError('shape', `${op}: cannot reshape ${size} elements to ${shapeText(shape)}`)
  return shape.map(dim => (dim === -1 ? size / rest : dim))
}

/**
 * The same elements, in row-major order, in another shape.
 * @param shape of as many elements; one dim may be -1 and is worked out (not when the others hold 0 elements)
 * @throws {SurprisalError} `shape` when the sizes differ
 */
export function reshape(x: TensorLike, shape: Shape): Tensor {
  const t = asTensor('reshape', 'x', x)
  if (!Array.isArray(shape)) checkShape('reshape', shape)
  const full = inferShape('reshape', t.size, shape)
  checkShape('reshape', full)
  return reshapeView('reshape', t, full)
}

/** Options of {@link flatten}. */
export interface FlattenOptions {
  /** First dim to join. @default 0 */
  startDim?: number
  /** Last dim to join. @default -1 */
  endDim?: number
}

/**
 * Joins a run of dims into one. A scalar becomes a vector of one element.
 * @throws {SurprisalError} `argument` when startDim comes after endDim
 */
export function flatten(x: TensorLike, options: FlattenOptions = {}): Tensor {
  const { startDim = 0, endDim = -1 } = optionsOf('flatten', options)
  const t = asTensor('flatten', 'x', x)
  const rank = Math.max(1, t.shape.length)
  const first = normalizeDim('flatten', startDim, rank)
  const last = normalizeDim('flatten', endDim, rank)
  if (first > last)
    throw new SurprisalError('argument', `flatten: startDim must not come after endDim, got ${startDim} and ${endDim}`)
  const joined = sizeOf(t.shape.slice(first, last + 1))
  return reshapeView('flatten', t, [...t.shape.slice(0, first), joined, ...t.shape.slice(last + 1)])
}

/**
 * Splits one dim into several, the inverse of {@link flatten}.
 * @param sizes of the new dims; one may be -1
 * @throws {SurprisalError} `shape` when their product is not the dim's size
 */
export function unflatten(x: TensorLike, dim: number, sizes: Shape): Tensor {
  const t = asTensor('unflatten', 'x', x)
  const d = normalizeDim('unflatten', dim, t.shape.length)
  if (!Array.isArray(sizes)) checkShape('unflatten', sizes)
  const shape = replaceDim(t.shape, d, ...inferShape('unflatten', t.shape[d], sizes))
  checkShape('unflatten', shape)
  return reshapeView('unflatten', t, shape)
}

/** Options of {@link squeeze}. */
export interface SqueezeOptions {
  /** Which dims, a number or a list; all by default. */
  dim?: number | readonly number[] | null
}

/**
 * Removes dims of size 1; dims of another size stay.
 * @param options dim: which (a number or a list), all by default
 */
export function squeeze(x: TensorLike, options: SqueezeOptions = {}): Tensor {
  const { dim } = optionsOf('squeeze', options)
  const t = asTensor('squeeze', 'x', x)
  const dims = normalizeDims('squeeze', dim == null ? undefined : numberList('squeeze', 'dim', dim), t.shape.length)
  return reshapeView(
    'squeeze',
    t,
    t.shape.filter((size, d) => size !== 1 || !dims.includes(d)),
  )
}

/**
 * Inserts dims of size 1.
 * @param dim where they stand in the result, a number or a list; negatives count from the end of the result
 */
export function unsqueeze(x: TensorLike, dim: number | readonly number[]): Tensor {
  const t = asTensor('unsqueeze', 'x', x)
  const list = numberList('unsqueeze', 'dim', dim)
  const dims = normalizeDims('unsqueeze', list, t.shape.length + list.length)
  const sizes = [...t.shape]
  for (const d of dims) sizes.splice(d, 0, 1)
  checkShape('unsqueeze', sizes)
  return reshapeView('unsqueeze', t, sizes)
}
