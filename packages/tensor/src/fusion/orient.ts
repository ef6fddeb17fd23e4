import type { AffineMap } from '../graph/affine.ts'
import type { Read, Value } from './values.ts'

/** Thin products have kernels of their own for each side. */
const fewest = 5

/** The same elements of `[batch, m, n]` read from `[batch, n, m]`, null when that is no better or cannot be said. */
function turned({ shape, strides, offset, guard }: AffineMap, m: number, n: number): AffineMap | null {
  if (guard || offset < 0 || strides.some(stride => stride < 0)) return null
  const parts = (distance: number) => {
    const within = distance % (m * n)
    return { batch: distance - within, row: Math.floor(within / n), column: within % n }
  }
  const from = parts(offset)
  let { row, column } = from
  let alongRows = false
  const moved = strides.map((stride, d) => {
    if (shape[d] === 1) return 0
    const step = parts(stride)
    row += step.row * (shape[d] - 1)
    column += step.column * (shape[d] - 1)
    if (stride !== 0) alongRows = step.row === 1 && step.column === 0 && step.batch === 0
    return step.batch + step.column * m + step.row
  })
  if (row >= m || column >= n || !alongRows) return null
  return { shape, strides: moved, offset: from.batch + from.column * m + from.row, guard }
}

/** An operand whose second and third dim change places. */
function flipped({ base, map, groups = [1, 1, 1] }: Read): Read {
  const [batches, seconds, thirds] = groups
  const swap = <T>(list: readonly T[]): T[] => [
    ...list.slice(0, batches),
    ...list.slice(batches + seconds),
    ...list.slice(batches, batches + seconds),
  ]
  return {
    base,
    map: { ...map, shape: swap(map.shape), strides: swap(map.strides) },
    groups: [batches, thirds, seconds],
  }
}

/**
 * Computes products transposed that are only read transposed, as the gradient of a weight is: it needs no copy then.
 * @param values in which products and those who read them are replaced
 * @param targets what is asked for, replaced likewise
 */
export function orientProducts(values: Value[], targets: Read[]): void {
  for (const [number, value] of values.entries()) {
    if (value.role !== 'contract') continue
    const [batch, m, n] = value.node.shape
    if (m < fewest || n < fewest) continue
    const readers = values.flatMap((reader, at) => (reader.reads.some(({ base }) => base === number) ? [at] : []))
    const turn = (read: Read): Read | null => {
      if (read.base !== number) return read
      const map = turned(read.map, m, n)
      return map && { ...read, map }
    }
    const reads = readers.map(at => values[at].reads.map(turn))
    const asked = targets.map(turn)
    if (reads.some(list => list.includes(null)) || asked.includes(null)) continue
    if (readers.length === 0 && targets.every(({ base }) => base !== number)) continue
    readers.forEach((at, i) => {
      values[at] = { ...values[at], reads: reads[i] as Read[] }
    })
    targets.splice(0, targets.length, ...(asked as Read[]))
    const [a, b] = value.reads
    values[number] = { ...value, node: { ...value.node, shape: [batch, n, m] }, reads: [flipped(b), flipped(a)] }
  }
}
