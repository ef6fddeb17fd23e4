import type { DType } from '../../dtype.ts'
import type { Code, Local } from '../code.ts'
import { halvesToFloats } from './half.ts'

/**
 * Loads four consecutive elements: floats as float32, integers as int32, bools as masks. Elements of one byte are
 * read four bytes at a time, nothing beyond.
 *
 * @param offset bytes behind `address`
 */
export function loadLanes(code: Code, dtype: DType, address: Local, offset: number, out: Local): void {
  code.get(address)
  switch (dtype) {
    case 'float32':
    case 'int32':
      code.memory('v128.load', offset).set(out)
      return
    case 'float16':
      code.memory('v128.load16x4_u', offset).set(out)
      halvesToFloats(code, out, out)
      return
    case 'int8':
      code.memory('v128.load32_zero', offset).op('i16x8.extend_low_i8x16_s').op('i32x4.extend_low_i16x8_s').set(out)
      return
    default:
      code.memory('v128.load32_zero', offset).op('i16x8.extend_low_i8x16_u').op('i32x4.extend_low_i16x8_u')
      if (dtype === 'bool') code.op('i32x4.neg')
      code.set(out)
  }
}

/** Loads one element, no byte more, into all lanes; see {@link loadLanes}. */
export function loadOne(code: Code, dtype: DType, address: Local, offset: number, out: Local): void {
  code.get(address)
  switch (dtype) {
    case 'float32':
    case 'int32':
      code.memory('v128.load32_splat', offset).set(out)
      return
    case 'float16':
      code.memory('i32.load16_u', offset).op('i32x4.splat').set(out)
      halvesToFloats(code, out, out)
      return
    case 'int8':
      code.memory('i32.load8_s', offset).op('i32x4.splat').set(out)
      return
    default:
      code.memory('i32.load8_u', offset).op('i32x4.splat')
      if (dtype === 'bool') code.op('i32x4.neg')
      code.set(out)
  }
}
