import { type DType, integerRange, isFloat } from '../../dtype.ts'
import type { Instruction } from '../../fusion/group.ts'
import type { Code, Local } from '../code.ts'
import { vectors } from '../lanes/temporaries.ts'
import { wrap } from '../lanes/wrap.ts'
import type { Operation } from '../opcodes.ts'
import { shuffleLanes } from './gather.ts'

/** Gathers a stretch of columns in scratch memory, four columns at an address. */
export interface ColumnReduction {
  /** Bytes of scratch memory for four columns. */
  readonly bytes: number
  /** Sets four columns to what nothing gives. */
  clear(at: Local): void
  /** Takes one element of four columns. */
  add(at: Local, x: Local): void
  /** Closes a block of rows, where sums are cut into blocks. */
  readonly endBlock: ((at: Local) => void) | null
  /** Gives the results of four columns. */
  finish(at: Local, out: Local): void
}

type Reduce = Extract<Instruction, { kind: 'reduce' }>

/**
 * The reduction of columns of `dtype`, the dtype of the operand.
 * @param row holds in all lanes how many rows lie before the present one
 */
export function columnReduction(code: Code, reduce: Reduce, dtype: DType, row: Local): ColumnReduction {
  const { f } = reduce
  if (f === 'argmax' || f === 'argmin') return position(code, f, dtype, row)
  if (isFloat(dtype)) {
    if (f === 'sum') return floatSum(code)
    if (f === 'prod') return floatProduct(code)
    if (f === 'max') return lanewise(code, 'f32x4.max', () => code.floats(Number.NEGATIVE_INFINITY))
    return lanewise(code, 'f32x4.min', () => code.floats(Number.POSITIVE_INFINITY))
  }
  const or = f === 'any' || (dtype === 'bool' && (f === 'sum' || f === 'max'))
  const and = f === 'all' || (dtype === 'bool' && (f === 'prod' || f === 'min'))
  if (or) return lanewise(code, 'v128.or', () => code.ints(0))
  if (and) return lanewise(code, 'v128.and', () => code.ints(-1))
  const [low, high] = integerRange[dtype as 'int32']
  if (f === 'max') return lanewise(code, 'i32x4.max_s', () => code.ints(low))
  if (f === 'min') return lanewise(code, 'i32x4.min_s', () => code.ints(high))
  if (f === 'sum') return lanewise(code, 'i32x4.add', () => code.ints(0), reduce.dtype)
  return lanewise(code, 'i32x4.mul', () => code.ints(1), reduce.dtype)
}

function lanewise(code: Code, f: Operation, identity: () => Local, wrapped?: DType): ColumnReduction {
  return {
    bytes: 16,
    clear: at => code.get(at).get(identity()).memory('v128.store'),
    add: (at, x) => code.get(at).get(at).memory('v128.load').get(x).op(f).memory('v128.store'),
    endBlock: null,
    finish: (at, out) => {
      code.get(at).memory('v128.load')
      if (wrapped) wrap(code, wrapped)
      code.set(out)
    },
  }
}

/** Pushes two lanes of four floats, the first or the last two, as float64. */
function widen(code: Code, x: Local, half: 0 | 1): Code {
  if (half === 0) code.get(x)
  else shuffleLanes(code, x, [2, 3, 2, 3])
  return code.op('f64x2.promote_low_f32x4')
}

function narrow(code: Code, at: Local, offset: number, out: Local): void {
  code.get(at).memory('v128.load', offset).op('f32x4.demote_f64x2_zero')
  code
    .get(at)
    .memory('v128.load', offset + 16)
    .op('f32x4.demote_f64x2_zero')
  code.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]).set(out)
}

/** A float32 sum of the block at 0, the sum of blocks in float64 behind it. */
function floatSum(code: Code): ColumnReduction {
  return {
    bytes: 48,
    clear: at => {
      for (const offset of [0, 16, 32]) code.get(at).get(code.floats(0)).memory('v128.store', offset)
    },
    add: (at, x) => code.get(at).get(at).memory('v128.load').get(x).op('f32x4.add').memory('v128.store'),
    endBlock: at =>
      vectors(code, 1, ([sum]) => {
        code.get(at).memory('v128.load').set(sum)
        for (const half of [0, 1] as const) {
          const offset = 16 + 16 * half
          code.get(at).get(at).memory('v128.load', offset)
          widen(code, sum, half).op('f64x2.add').memory('v128.store', offset)
        }
        code.get(at).get(code.floats(0)).memory('v128.store')
      }),
    finish: (at, out) => narrow(code, at, 16, out),
  }
}

function floatProduct(code: Code): ColumnReduction {
  return {
    bytes: 32,
    clear: at => {
      for (const offset of [0, 16]) code.get(at).f64(1).op('f64x2.splat').memory('v128.store', offset)
    },
    add: (at, x) => {
      for (const half of [0, 1] as const) {
        code
          .get(at)
          .get(at)
          .memory('v128.load', 16 * half)
        widen(code, x, half)
          .op('f64x2.mul')
          .memory('v128.store', 16 * half)
      }
    },
    endBlock: null,
    finish: (at, out) => narrow(code, at, 0, out),
  }
}

/** The best element at 0 and its row behind it; the first among equals, and the first NaN over all. */
function position(code: Code, f: 'argmax' | 'argmin', dtype: DType, row: Local): ColumnReduction {
  const float = isFloat(dtype)
  const max = f === 'argmax'
  const beats: Operation = float ? (max ? 'f32x4.gt' : 'f32x4.lt') : max ? 'i32x4.gt_s' : 'i32x4.lt_s'
  return {
    bytes: 32,
    clear: at => {
      const [low, high] = integerRange.int32
      const worst = max ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
      code
        .get(at)
        .get(float ? code.floats(worst) : code.ints(max ? low : high))
        .memory('v128.store')
      code.get(at).get(code.ints(0)).memory('v128.store', 16)
    },
    add: (at, x) =>
      vectors(code, 3, ([y, best, wins]) => {
        code.get(x)
        if (dtype === 'bool') code.op('i32x4.neg')
        code.set(y).get(at).memory('v128.load').set(best)
        code.get(y).get(best).op(beats)
        if (float) {
          code.get(y).get(y).op('f32x4.ne').get(best).get(best).op('f32x4.ne')
          code.op('v128.andnot').op('v128.or')
        }
        code.set(wins)
        code.get(at).get(y).get(best).get(wins).op('v128.bitselect').memory('v128.store')
        code.get(at).get(row).get(at).memory('v128.load', 16).get(wins).op('v128.bitselect').memory('v128.store', 16)
      }),
    endBlock: null,
    finish: (at, out) => code.get(at).memory('v128.load', 16).set(out),
  }
}
