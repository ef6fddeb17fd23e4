import { type DType, integerRange, isFloat } from '../../dtype.ts'
import type { Code, Local } from '../code.ts'
import { roundToHalves } from './half.ts'
import { wrap } from './wrap.ts'

/**
 * The lanes of one dtype as another: floats are cut towards zero and saturate to integers (NaN gives 0), integers
 * wrap to narrower ones, everything but zero is true. The result for float16 holds floats that a half can represent.
 */
export function emitCast(code: Code, from: DType, to: DType, x: Local, out: Local): void {
  if (to === 'bool') toBool(code, from, x, out)
  else if (isFloat(to)) toFloat(code, from, to, x, out)
  else toInteger(code, from, to as 'int32' | 'uint8' | 'int8', x, out)
}

function toBool(code: Code, from: DType, x: Local, out: Local): void {
  code.get(x)
  if (isFloat(from)) code.get(code.floats(0)).op('f32x4.ne')
  else if (from !== 'bool') code.get(code.ints(0)).op('i32x4.ne')
  code.set(out)
}

function toFloat(code: Code, from: DType, to: DType, x: Local, out: Local): void {
  code.get(x)
  if (from === 'bool') code.get(code.floats(1)).op('v128.and')
  else if (!isFloat(from)) code.op('f32x4.convert_i32x4_s')
  code.set(out)
  const mayNeedRounding = from === 'float32' || from === 'int32'
  if (to === 'float16' && mayNeedRounding) roundToHalves(code, out, out)
}

function toInteger(code: Code, from: DType, to: 'int32' | 'uint8' | 'int8', x: Local, out: Local): void {
  code.get(x)
  if (isFloat(from)) {
    code.op('i32x4.trunc_sat_f32x4_s')
    const [low, high] = integerRange[to]
    if (to !== 'int32') code.get(code.ints(low)).op('i32x4.max_s').get(code.ints(high)).op('i32x4.min_s')
  } else if (from === 'bool') code.get(code.ints(1)).op('v128.and')
  else if (from !== to) wrap(code, to)
  code.set(out)
}
