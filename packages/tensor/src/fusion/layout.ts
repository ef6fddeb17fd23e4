import type { AffineMap } from '../graph/affine.ts'
import type { Draft } from './draft.ts'

/** Below this many elements a bad order of reading does not matter. */
const smallest = 16384

/** Reads against the grain: far apart along the last dim, side by side along another. */
function isTransposed({ shape, strides }: AffineMap): boolean {
  let last = shape.length - 1
  while (last >= 0 && shape[last] === 1) last -= 1
  if (last < 0 || Math.abs(strides[last]) <= 1) return false
  return shape.some((size, d) => d !== last && size >= 4 && Math.abs(strides[d]) === 1)
}

/** Whether dims, in order, are read as one: at a constant distance, or not moving at all. */
function joins({ shape, strides }: AffineMap, dims: readonly number[]): boolean {
  const moving = dims.filter(d => shape[d] > 1)
  return moving.every((d, i) => i === 0 || strides[moving[i - 1]] === strides[d] * shape[d])
}

/** Whether a kernel that reduces rows goes through each of them, at `place`, in equal steps. */
export function joinsColumns(place: AffineMap, { kind, space, split }: Draft): boolean {
  return kind !== 'rows' || joins(place, [...space.keys()].slice(split))
}

/** Whether a kernel would rather read a dense copy, over its whole space, than a value at `place`. */
export function wantsCopy(place: AffineMap, draft: Draft): boolean {
  const { kind, space, size, places, reduced, copies } = draft
  if (size === 0 || copies) return false
  if (!joinsColumns(place, draft)) return true
  if (kind === 'columns' && reduced.filter(d => space[d] > 1).length > 3) return true
  if (size < smallest || !isTransposed(place)) return false
  // A kernel that only copies is what would make the copy.
  return kind !== 'pointwise' || places.size > 1
}
