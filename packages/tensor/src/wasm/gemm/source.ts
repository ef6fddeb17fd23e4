import { bytesPerElement, type DType } from '../../dtype.ts'
import type { Code, Local } from '../code.ts'
import type { MemoryOperation } from '../opcodes.ts'

/** How elements of an operand become packed elements of 4 bytes: one number, or two int16 of neighbouring depth. */
export interface Source {
  readonly bytes: number
  readonly pair: 1 | 2
  /** Loads one element as i32, in whatever bits a packed number has. */
  readonly loadOne: MemoryOperation
  /** Takes an address; gives the four packed elements that lie `offset` bytes behind it along the depth. */
  readonly loadAlong: (code: Code, offset: number) => Code
  /**
   * Gives packed element `at` of four lines side by side: of the first line's address `head` and an entry of the table
   * from `step` on, and of the entry after it for a pair; `missing` says that the pair's second is zero.
   */
  readonly loadSideBySide: (code: Code, head: Local, step: Local, at: number, missing: boolean) => Code
}

const interleave = [0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23]

const address = (code: Code, head: Local, step: Local, entry: number): Code =>
  code
    .get(step)
    .memory('i32.load', entry * 4)
    .get(head)
    .op('i32.add')

/**
 * The source of a dtype, which is not float16.
 * @param pair 2 packs two steps of depth as int16, which 8-bit dtypes alone can do
 */
export function sourceOf(dtype: DType, pair: 1 | 2): Source {
  const bytes = bytesPerElement[dtype]
  if (pair === 2) return pairSource(dtype === 'int8')
  const loadAlong =
    bytes === 4 ? (code: Code, offset: number) => code.memory('v128.load', offset) : widen(dtype === 'int8')
  return {
    bytes,
    pair,
    loadOne: bytes === 4 ? 'i32.load' : dtype === 'int8' ? 'i32.load8_s' : 'i32.load8_u',
    loadAlong,
    loadSideBySide: (code, head, step, at) => loadAlong(address(code, head, step, at), 0),
  }
}

/** Four bytes at an address as four i32. */
const widen =
  (signed: boolean) =>
  (code: Code, offset: number): Code =>
    signed
      ? code.memory('v128.load32_zero', offset).op('i16x8.extend_low_i8x16_s').op('i32x4.extend_low_i16x8_s')
      : code.memory('v128.load32_zero', offset).op('i16x8.extend_low_i8x16_u').op('i32x4.extend_low_i16x8_u')

function pairSource(signed: boolean): Source {
  const load = signed ? 'v128.load8x8_s' : 'v128.load8x8_u'
  return {
    bytes: 1,
    pair: 2,
    loadOne: signed ? 'i32.load8_s' : 'i32.load8_u',
    loadAlong: (code, offset) => code.memory(load, offset),
    loadSideBySide: (code, head, step, at, missing) => {
      address(code, head, step, 2 * at).memory(load)
      if (missing) code.i32x4(0)
      else address(code, head, step, 2 * at + 1).memory(load)
      return code.shuffle(interleave)
    },
  }
}
