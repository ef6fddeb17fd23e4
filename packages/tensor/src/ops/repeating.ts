import { SurprisalError } from '../error.ts'
import { asTensor } from '../operand.ts'
import { takeSlices } from '../primitive.ts'
import { checkShape, normalizeDim, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { numberList, replaceDim, requireInteger, sizeBetween } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { indexLeaf, reshapeView, sameView, stridedView } from './internal/views.ts'

/**
 * Repeats the whole tensor along its dims, as tiles.
 * @param reps repetitions, a number or one per dim; the shorter of reps and shape is padded with leading ones
 */
export function tile(x: TensorLike, reps: number | readonly number[]): Tensor {
  const t = asTensor('tile', 'x', x)
  const list = numberList('tile', 'reps', reps)
  for (const count of list) requireInteger('tile', 'reps', count)
  const rank = Math.max(list.length, t.shape.length)
  const counts = [...new Array<number>(rank - list.length).fill(1), ...list]
  const shape = [...new Array<number>(rank - t.shape.length).fill(1), ...t.shape]
  checkShape(
    'tile',
    shape.map((size, d) => size * counts[d]),
  )
  let y = reshapeView('tile', t, shape)
  counts.forEach((count, d) => {
    if (count !== 1) y = repeatBlocks('tile', y, d, count, d)
  })
  return y
}

/** Repeats each run of elements along the dims from `from` on, which lengthens `dim`. */
function repeatBlocks(op: string, x: Tensor, dim: number, count: number, from: number): Tensor {
  const outer = sizeBetween(x.shape, 0, from)
  const block = sizeBetween(x.shape, from, x.shape.length)
  const repeated = stridedView(op, x, [outer, count, block], [block, 0, 1])
  return reshapeView(op, repeated, replaceDim(x.shape, dim, x.shape[dim] * count))
}

/** Options of {@link repeatInterleave}. */
export interface RepeatOptions {
  /** Along which dim; by default the tensor is flattened first. */
  dim?: number | null
}

/**
 * Repeats each element (each slice along `dim`) in place.
 * @param n repetitions, a number or one per index along `dim`
 * @param options dim: along which; by default the tensor is flattened first
 */
export function repeatInterleave(x: TensorLike, n: number | readonly number[], options: RepeatOptions = {}): Tensor {
  const { dim } = optionsOf('repeatInterleave', options)
  const op = 'repeatInterleave'
  const t = asTensor(op, 'x', x)
  for (const count of numberList(op, 'n', n)) requireInteger(op, 'n', count)
  const along = dim ?? undefined
  const source = along === undefined ? reshapeView(op, t, [t.size]) : sameView(op, t)
  const d = along === undefined ? 0 : normalizeDim(op, along, t.shape.length)
  const size = source.shape[d]
  const counts = typeof n === 'number' ? null : n.length === 1 ? new Array<number>(size).fill(n[0]) : n
  if (counts && counts.length !== size)
    throw new SurprisalError('argument', `${op}: n must have ${size} entries, got ${shapeText(counts)}`)
  const total = counts ? counts.reduce((sum, count) => sum + count, 0) : size * (n as number)
  checkShape(op, replaceDim(source.shape, d, total))
  if (!counts) return repeatBlocks(op, source, d, n as number, d + 1)
  const index = counts.flatMap((count, i) => new Array<number>(count).fill(i))
  return takeSlices(op, source, d, indexLeaf(op, index))
}
