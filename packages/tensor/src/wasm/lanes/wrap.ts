import type { DType } from '../../dtype.ts'
import type { Code } from '../code.ts'

/** Wraps the four integers on the stack to the range of an integer dtype. */
export function wrap(code: Code, dtype: DType): Code {
  if (dtype === 'uint8') return code.get(code.ints(255)).op('v128.and')
  if (dtype === 'int8') return code.i32(24).op('i32x4.shl').i32(24).op('i32x4.shr_s')
  return code
}
