import { type Shape, sizeOf } from '../../shape.ts'
import type { Draw } from './draw.ts'

const mostElements = 6000

/** Whether a value of the shape is small enough for the oracle. */
export const fits = (shape: Shape): boolean => shape.length <= 6 && sizeOf(shape) <= mostElements

function smallDim(draw: Draw): number {
  const at = draw.int(0, 99)
  return at < 3 ? 0 : at < 18 ? 1 : at < 30 ? 2 : at < 52 ? 3 : at < 72 ? 4 : at < 88 ? 5 : 17
}

/** Dims around the widths of vectors and blocks; now and then a long last one. */
export function drawShape(draw: Draw): Shape {
  const rank = draw.weighted([
    { rank: 0, weight: 1 },
    { rank: 1, weight: 4 },
    { rank: 2, weight: 8 },
    { rank: 3, weight: 6 },
    { rank: 4, weight: 2 },
  ]).rank
  const shape = Array.from({ length: rank }, () => smallDim(draw))
  if (rank > 0 && draw.chance(0.1)) shape[rank - 1] = draw.pick([33, 64, 100, 257, 1030])
  while (sizeOf(shape) > mostElements / 4) shape[shape.indexOf(Math.max(...shape.slice(0, -1)))] = draw.int(1, 3)
  return shape
}

/** A shape that broadcasts with `shape` to it: dims left out in front, others made 1. */
export function narrower(draw: Draw, shape: Shape): Shape {
  return shape.slice(draw.chance(0.6) ? 0 : draw.int(0, shape.length)).map(dim => (draw.chance(0.25) ? 1 : dim))
}

/** A shape like `shape`, so that the two may meet in an op. */
export function relative(draw: Draw, shape: Shape): Shape {
  const kind = draw.int(0, 9)
  if (kind < 4) return shape
  if (kind < 7) return narrower(draw, shape)
  if (kind < 8) return draw.shuffle(shape)
  return drawShape(draw)
}

/** What two shapes broadcast to, or null. */
export function broadcast(a: Shape, b: Shape): Shape | null {
  const rank = Math.max(a.length, b.length)
  const shape: number[] = []
  for (let d = 0; d < rank; d++) {
    const x = a[a.length - rank + d] ?? 1
    const y = b[b.length - rank + d] ?? 1
    if (x !== y && x !== 1 && y !== 1) return null
    shape.push(x === 1 ? y : x)
  }
  return shape
}

/** Another shape of as many elements. */
export function regroup(draw: Draw, shape: Shape): number[] {
  const size = sizeOf(shape)
  if (size === 0) return draw.shuffle(shape)
  const dims: number[] = []
  let rest = size
  for (const factor of draw.shuffle([2, 3, 4, 5, 10, 17])) {
    if (dims.length >= 3 || rest % factor !== 0 || draw.chance(0.4)) continue
    dims.push(factor)
    rest /= factor
  }
  dims.splice(draw.int(0, dims.length), 0, rest)
  if (draw.chance(0.2)) dims.splice(draw.int(0, dims.length), 0, 1)
  return dims
}
