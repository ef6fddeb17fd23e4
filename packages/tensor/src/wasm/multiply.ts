import type { Gemm } from './gemm.ts'
import { packPanels } from './pack.ts'
import type { MatrixView, ProductSizes } from './vector.ts'

/** Blocks of N, K and M: a B panel of this depth fits the first cache, an A block the second, a B block the third. */
const blockColumns = 1024
const blockDepth = 512
const blockRows = 240

/** From this many columns on, one bulk copy of a row beats a loop. */
const bulkCopy = 64

const pageBytes = 65536

/** Room in wasm memory for one block of each operand, and how the problem is cut into such blocks. */
export interface Workspace {
  readonly gemm: Gemm
  readonly rows: number
  readonly columns: number
  readonly depth: number
  readonly a: Float32Array
  readonly b: Float32Array
  readonly c: Float32Array
}

const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit

/** Cuts into equal blocks: 513 in blocks of at most 512 becomes 257 and 256, not 512 and 1. */
const evenly = (total: number, limit: number, unit: number): number =>
  roundUp(Math.ceil(total / Math.ceil(total / limit)), unit)

/** Reserves what a product of `[m, k]` and `[k, n]` needs; grows the memory only when it has never been that large. */
export function reserveWorkspace(gemm: Gemm, { m, k, n }: ProductSizes): Workspace {
  const rows = evenly(m, blockRows, gemm.tile.rows)
  const columns = evenly(n, blockColumns, gemm.tile.columns)
  const depth = evenly(k, blockDepth, gemm.tile.unroll)
  const sizes = [rows * depth, depth * columns, rows * columns].map(size => roundUp(size, 16))
  const missing = (sizes[0] + sizes[1] + sizes[2]) * 4 - gemm.memory.buffer.byteLength
  if (missing > 0) gemm.memory.grow(Math.ceil(missing / pageBytes))
  const [a, b, c] = sizes.map((size, i) => {
    const before = sizes.slice(0, i).reduce((sum, other) => sum + other, 0)
    return new Float32Array(gemm.memory.buffer, before * 4, size)
  })
  return { gemm, rows, columns, depth, a, b, c }
}

/** `a @ b` for `[m, k]` and `[k, n]` of the workspace's size, written densely from `at` of `out`. */
export function multiplyBlocked(
  space: Workspace,
  a: MatrixView,
  b: MatrixView,
  { m, k, n }: ProductSizes,
  out: Float32Array,
  at: number,
): void {
  const { tile, block } = space.gemm
  for (let column = 0; column < n; column += space.columns) {
    const columns = Math.min(space.columns, n - column)
    const stride = roundUp(columns, tile.columns)
    for (let step = 0; step < k; step += space.depth) {
      const depth = Math.min(space.depth, k - step)
      const padded = roundUp(depth, tile.unroll)
      const offset = b.offset + step * b.rowStride + column * b.columnStride
      const lines = { data: b.data, offset, stride: b.columnStride, step: b.rowStride }
      packPanels(space.b, lines, columns, depth, tile.columns, padded)
      for (let row = 0; row < m; row += space.rows) {
        const rows = Math.min(space.rows, m - row)
        const offset = a.offset + row * a.rowStride + step * a.columnStride
        const lines = { data: a.data, offset, stride: a.rowStride, step: a.columnStride }
        packPanels(space.a, lines, rows, depth, tile.rows, padded)
        const to = at + row * n + column
        if (step > 0) copyRows(out, to, n, space.c, 0, stride, rows, columns)
        const [panelsOfA, panelsOfB] = [Math.ceil(rows / tile.rows), stride / tile.columns]
        const [pa, pb, pc] = [space.a.byteOffset, space.b.byteOffset, space.c.byteOffset]
        block(pa, pb, pc, stride * 4, panelsOfA, panelsOfB, padded, step > 0 ? 1 : 0)
        copyRows(space.c, 0, stride, out, to, n, rows, columns)
      }
    }
  }
}

function copyRows(
  source: Float32Array,
  from: number,
  sourceStride: number,
  target: Float32Array,
  to: number,
  targetStride: number,
  rows: number,
  columns: number,
): void {
  if (columns === sourceStride && columns === targetStride) {
    target.set(source.subarray(from, from + rows * columns), to)
    return
  }
  for (let row = 0; row < rows; row++) {
    const [read, write] = [from + row * sourceStride, to + row * targetStride]
    if (columns >= bulkCopy) target.set(source.subarray(read, read + columns), write)
    else for (let j = 0; j < columns; j++) target[write + j] = source[read + j]
  }
}
