import type { ReduceName } from '../graph/node.ts'
import type { BinaryFunction } from './binary-functions.ts'
import type { ElementArray } from './kernel-function.ts'

/** What `so far` becomes with the n elements of a row. */
type RowLoop = (soFar: number, x: Float32Array, i: number, si: number, n: number) => number

/** Takes n elements into n places of `gathered`. */
type ColumnLoop = (
  gathered: Float64Array,
  o: number,
  so: number,
  x: Float32Array,
  i: number,
  si: number,
  n: number,
) => void

/** Loops of the hot reductions over one row of a result. */
export const rowLoops: Partial<Record<ReduceName, RowLoop>> = {
  sum(soFar, x, i, si, n) {
    // Four sums run side by side, as each addition waits for the one before it.
    let a = 0
    let b = 0
    let c = 0
    let d = 0
    let k = 3
    for (; k < n; k += 4, i += 4 * si) {
      a += x[i]
      b += x[i + si]
      c += x[i + 2 * si]
      d += x[i + 3 * si]
    }
    for (k -= 3; k < n; k++, i += si) a += x[i]
    return soFar + (a + b + (c + d))
  },
  max(soFar, x, i, si, n) {
    let best = soFar
    for (let k = 0; k < n; k++, i += si) best = Math.max(best, x[i])
    return best
  },
  min(soFar, x, i, si, n) {
    let best = soFar
    for (let k = 0; k < n; k++, i += si) best = Math.min(best, x[i])
    return best
  },
}

/** Loops of the hot reductions over one element each of many results. */
export const columnLoops: Partial<Record<ReduceName, ColumnLoop>> = {
  sum(gathered, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) gathered[o] += x[i]
  },
  max(gathered, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) gathered[o] = Math.max(gathered[o], x[i])
  },
  min(gathered, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) gathered[o] = Math.min(gathered[o], x[i])
  },
}

/** The row loop of every other function and dtype. */
export function combineRow(
  combine: BinaryFunction,
  soFar: number,
  x: ElementArray,
  i: number,
  si: number,
  n: number,
): number {
  let result = soFar
  for (let k = 0; k < n; k++, i += si) result = combine(result, x[i])
  return result
}

/** The column loop of every other function and dtype. */
export function combineColumns(
  combine: BinaryFunction,
  gathered: Float64Array,
  o: number,
  so: number,
  x: ElementArray,
  i: number,
  si: number,
  n: number,
): void {
  for (let k = 0; k < n; k++, o += so, i += si) gathered[o] = combine(gathered[o], x[i])
}
