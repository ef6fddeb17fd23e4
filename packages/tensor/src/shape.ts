import { SurprisalError } from './error.ts'

export type Shape = readonly number[]

export const maxRank = 8
const maxSize = 2 ** 31

/** Product of the dims; 1 for rank 0. */
export function sizeOf(shape: Shape): number {
  let size = 1
  for (const dim of shape) size *= dim
  return size
}

/** Row-major strides in elements. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = stride
    stride *= shape[d]
  }
  return strides
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return false
  return true
}

export const shapeText = (shape: Shape): string => `[${shape.join(', ')}]`

/** Throws unless `shape` is a legal shape: non-negative integers, rank at most 8, fewer than 2^31 elements. */
export function checkShape(op: string, shape: Shape): void {
  if (!Array.isArray(shape))
    throw new SurprisalError('argument', `${op}: shape must be a list of numbers, got ${String(shape)}`)
  for (const dim of shape)
    if (!Number.isInteger(dim) || dim < 0)
      throw new SurprisalError('shape', `${op}: shape must hold non-negative integers, got ${shapeText(shape)}`)
  if (shape.length > maxRank)
    throw new SurprisalError('shape', `${op}: rank must be at most ${maxRank}, got ${shapeText(shape)}`)
  if (sizeOf(shape) >= maxSize)
    throw new SurprisalError(
      'shape',
      `${op}: a tensor must have fewer than 2^31 elements, got shape ${shapeText(shape)}`,
    )
}

/** The common shape of two or more shapes under NumPy's broadcasting rule. */
export function broadcastShapes(op: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length)
  const out = new Array<number>(rank)
  for (let d = 0; d < rank; d++) {
    const x = a[d - rank + a.length] ?? 1
    const y = b[d - rank + b.length] ?? 1
    if (x !== y && x !== 1 && y !== 1)
      throw new SurprisalError('shape', `${op}: shapes ${shapeText(a)} and ${shapeText(b)} cannot be broadcast`)
    out[d] = x === 1 ? y : x
  }
  return out
}

/** A dim counted from the front, negatives from the end. */
export function normalizeDim(op: string, dim: number, rank: number): number {
  const d = dim < 0 ? dim + rank : dim
  if (!Number.isInteger(dim) || d < 0 || d >= rank)
    throw new SurprisalError('argument', `${op}: dim ${dim} is out of range for rank ${rank}`)
  return d
}

/** Dims of a reduction, ascending; omitted means all. */
export function normalizeDims(op: string, dims: number | readonly number[] | undefined, rank: number): number[] {
  if (dims === undefined) {
    const all = new Array<number>(rank)
    for (let d = 0; d < rank; d++) all[d] = d
    return all
  }
  if (typeof dims !== 'number' && !Array.isArray(dims))
    throw new SurprisalError('argument', `${op}: dim must be a number or a list of numbers, got ${String(dims)}`)
  const list = (typeof dims === 'number' ? [dims] : [...dims]).map(dim => normalizeDim(op, dim, rank))
  if (new Set(list).size !== list.length)
    throw new SurprisalError(
      'argument',
      `${op}: dim must not repeat, got ${shapeText(typeof dims === 'number' ? [dims] : dims)}`,
    )
  return list.sort((a, b) => a - b)
}
