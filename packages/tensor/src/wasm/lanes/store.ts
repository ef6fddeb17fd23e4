import type { DType } from '../../dtype.ts'
import type { Code, Local } from '../code.ts'
import { floatsToHalves } from './half.ts'
import { temporaries } from './temporaries.ts'

/**
 * Stores four lanes as consecutive elements, no byte more: floats to float16 round to nearest even, masks become 0
 * and 1. Integers must lie within the range of their dtype.
 *
 * @param offset bytes behind `address`
 */
export function storeLanes(code: Code, dtype: DType, address: Local, offset: number, x: Local): void {
  switch (dtype) {
    case 'float32':
    case 'int32':
      code.get(address).get(x).memory('v128.store', offset)
      return
    case 'float16':
      temporaries(code, bits => {
        floatsToHalves(code, x, bits)
        code.get(address).get(bits).get(bits).op('i16x8.narrow_i32x4_u').memoryLane('v128.store64_lane', 0, offset)
      })
      return
    default:
      temporaries(code, narrow => {
        code.get(x).get(x).op('i16x8.narrow_i32x4_s').tee(narrow).get(narrow)
        code.op(dtype === 'uint8' ? 'i8x16.narrow_i16x8_u' : 'i8x16.narrow_i16x8_s')
        if (dtype === 'bool') code.get(code.ints(0x01010101)).op('v128.and')
        code.set(narrow).get(address).get(narrow).memoryLane('v128.store32_lane', 0, offset)
      })
  }
}

/** Stores lane 0 as one element; see {@link storeLanes}. */
export function storeOne(code: Code, dtype: DType, address: Local, offset: number, x: Local): void {
  switch (dtype) {
    case 'float32':
    case 'int32':
      code.get(address).get(x).memoryLane('v128.store32_lane', 0, offset)
      return
    case 'float16':
      temporaries(code, bits => {
        floatsToHalves(code, x, bits)
        code.get(address).get(bits).memoryLane('v128.store16_lane', 0, offset)
      })
      return
    default:
      code.get(address).get(x)
      if (dtype === 'bool') code.get(code.ints(1)).op('v128.and')
      code.memoryLane('v128.store8_lane', 0, offset)
  }
}
