import type { AffineMap } from '../../graph/affine.ts'
import type { Shape } from '../../shape.ts'

/**
 * What a loop counts: batches by any number of counters, the outermost first, and last the rows of a batch. A value
 * has a row for each count: equal parts of its memory, in order.
 */
export type Counts = readonly number[]

/** Elements from one count to the next, for each counter. */
export type Moves = readonly number[]

/** Of each counter, the dim that it is part of, and how many positions of that dim a count is. */
interface Place {
  readonly dim: number
  readonly positions: number
}

export const totalOf = (counts: Counts): number => counts.reduce((total, count) => total * count, 1)

/** How far apart the rows of a value of `size` elements are. */
export function rowMoves(size: number, counts: Counts): Moves {
  const moves: number[] = []
  let move = size / totalOf(counts)
  for (let c = counts.length - 1; c >= 0; c--) {
    moves.unshift(move)
    move *= counts[c]
  }
  return moves
}

export const sameMoves = (a: Moves, b: Moves, counts: Counts): boolean =>
  a.every((move, c) => move === b[c] || counts[c] === 1)

/** Dims of a space that start with the counters, several of which may be joined in one dim. */
export interface Leading {
  readonly places: readonly Place[]
  /** How many dims the counters take. */
  readonly dims: number
}

/** Finds the counters in the leading dims of `shape`; null when they are not there. */
export function leadingDims(shape: Shape, counts: Counts): Leading | null {
  const places: Place[] = []
  let at = 0
  let dim = 0
  while (at < counts.length) {
    while (dim < shape.length && shape[dim] === 1 && counts[at] !== 1) dim += 1
    const from = at
    let product = 1
    const size = dim < shape.length ? shape[dim] : 1
    while (at < counts.length && (product < size || counts[at] === 1)) product *= counts[at++]
    if (product !== size || at === from) return null
    let positions = product
    for (let c = from; c < at; c++) {
      positions /= counts[c]
      places.push({ dim, positions })
    }
    dim += 1
  }
  return { places, dims: dim }
}

export const movesAlong = (strides: readonly number[], { places }: Leading): Moves =>
  places.map(({ dim, positions }) => (strides[dim] ?? 0) * positions)

/** A shape of which one batch and `rows` of its rows are left. */
export function blockOf(shape: Shape, { places, dims }: Leading, rows: number): Shape {
  const own = places[places.length - 1].dim
  return shape.map((size, d) => (d === own ? rows : d < dims ? 1 : size))
}

/** Dims as one, null when no stride says it. */
export function joined(
  { shape, strides }: AffineMap,
  from: number,
  to: number,
): { size: number; stride: number } | null {
  let size = 1
  let stride = 0
  for (let d = to - 1; d >= from; d--) {
    if (shape[d] === 1) continue
    if (size > 1 && strides[d] !== stride * size) return null
    if (size === 1) stride = strides[d]
    size *= shape[d]
  }
  return { size, stride }
}
