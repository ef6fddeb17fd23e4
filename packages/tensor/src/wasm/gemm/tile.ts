import type { Code, Local, ValueType } from '../code.ts'
import type { Operation } from '../opcodes.ts'

/**
 * Register tile of a micro-kernel. 16 vector registers hold the sums, one row of B and one element of A; larger
 * tiles spill. Panels of A hold `rows` elements a step, those of B `columns`, 4 bytes each.
 */
export interface Tile {
  readonly rows: number
  readonly columns: number
  /** Steps in one turn of the loop. */
  readonly unroll: number
  /** Steps of depth that a packed element holds: two int16 side by side, or one number. */
  readonly pair: 1 | 2
  readonly integer: boolean
  /** Takes an element and a row on the stack, and the sum. */
  readonly multiplyAdd: (code: Code, sum: Local) => Code
}

const then =
  (multiply: Operation, add: Operation) =>
  (code: Code, sum: Local): Code =>
    code.op(multiply).get(sum).op(add)

/** Tiles by name; the names are part of the keys of kernels. */
export const tiles = {
  /** Fused multiply-add of relaxed SIMD. */
  fused: {
    rows: 6,
    columns: 8,
    unroll: 1,
    pair: 1,
    integer: false,
    multiplyAdd: (code, sum) => code.get(sum).op('f32x4.relaxed_madd'),
  },
  /** Multiplication and addition. */
  plain: { rows: 4, columns: 8, unroll: 2, pair: 1, integer: false, multiplyAdd: then('f32x4.mul', 'f32x4.add') },
  /** 32-bit integers, modulo 2^32. */
  integer: { rows: 4, columns: 8, unroll: 2, pair: 1, integer: true, multiplyAdd: then('i32x4.mul', 'i32x4.add') },
  /** 8-bit integers, widened to 16 bits and two steps at a time. */
  pairs: {
    rows: 4,
    columns: 8,
    unroll: 2,
    pair: 2,
    integer: true,
    multiplyAdd: then('i32x4.dot_i16x8_s', 'i32x4.add'),
  },
} satisfies Record<string, Tile>

export type TileName = keyof typeof tiles

/** Locals of one tile's product. */
export interface TileLocals {
  /** Panel of A; stands behind its end afterwards. */
  readonly a: Local
  /** Panel of B; likewise. */
  readonly b: Local
  /** A multiple of `unroll`, perhaps 0; 0 afterwards. */
  readonly steps: Local
  /** Where the tile's first row is stored; stands behind the last row afterwards. */
  readonly out: Local
  /** Bytes between its rows. */
  readonly stride: Local
  /** Not 0: adds to what stands there. */
  readonly accumulate: Local
}

const local = (code: Code, type: ValueType, count: number): Local[] =>
  Array.from({ length: count }, () => code.local(type))

/** How many rows of a tile can be multiplied: all of them, or an even number for the last rows of a result. */
export const rowCounts = (tile: Tile): number[] => [6, 4, 2].filter(rows => rows <= tile.rows)

/** Multiplies the first `rows` rows of one panel of A with one panel of B and stores or adds them. */
export function writeTile(
  code: Code,
  tile: Tile,
  rows: number,
  { a, b, steps, out, stride, accumulate }: TileLocals,
): void {
  const parts = tile.columns / 4
  const sums = Array.from({ length: rows }, () => local(code, 'v128', parts))
  const row = local(code, 'v128', parts)
  const element = code.local('v128')
  const advance = (pointer: Local, bytes: number) => code.get(pointer).i32(bytes).op('i32.add').set(pointer)

  const step = (at: number) => {
    row.forEach((part, v) => {
      code
        .get(b)
        .memory('v128.load', (at * tile.columns + v * 4) * 4)
        .set(part)
    })
    sums.forEach((rowSums, r) => {
      code
        .get(a)
        .memory('v128.load32_splat', (at * tile.rows + r) * 4)
        .set(element)
      rowSums.forEach((sum, v) => {
        code.get(element).get(row[v])
        tile.multiplyAdd(code, sum).set(sum)
      })
    })
  }
  const store = (write: (sum: Local, offset: number) => void) => {
    for (const rowSums of sums) {
      rowSums.forEach((sum, v) => {
        write(sum, v * 16)
      })
      code.get(out).get(stride).op('i32.add').set(out)
    }
  }

  for (const sum of sums.flat()) code.i32x4(0).set(sum)
  code.get(steps).if(() => {
    code.loop(next => {
      for (let at = 0; at < tile.unroll; at++) step(at)
      advance(a, tile.unroll * tile.rows * 4)
      advance(b, tile.unroll * tile.columns * 4)
      code.get(steps).i32(tile.unroll).op('i32.sub').tee(steps).branchIf(next)
    })
  })
  const add = tile.integer ? 'i32x4.add' : 'f32x4.add'
  code.get(accumulate).if(
    () =>
      store((sum, offset) => {
        code.get(out).get(out).memory('v128.load', offset).get(sum).op(add).memory('v128.store', offset)
      }),
    () =>
      store((sum, offset) => {
        code.get(out).get(sum).memory('v128.store', offset)
      }),
  )
}
