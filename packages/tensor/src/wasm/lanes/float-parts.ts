import type { Code, Local } from '../code.ts'
import { temporaries } from './temporaries.ts'

/** The bits of the square root of 1/2, where mantissas begin. */
export const lowestMantissa = 0x3f3504f3
const leastNormal = 0x00800000

/** Writes a positive normal x as `2^exponent * mantissa` with the mantissa in [sqrt(1/2), sqrt(2)). */
function split(code: Code, x: Local, exponent: Local, mantissa: Local): void {
  temporaries(code, shifted => {
    code.get(x).get(code.ints(lowestMantissa)).op('i32x4.sub').tee(shifted)
    code.get(code.ints(0x007fffff)).op('v128.and').get(code.ints(lowestMantissa)).op('i32x4.add').set(mantissa)
    code.get(shifted).i32(23).op('i32x4.shr_s').op('f32x4.convert_i32x4_s').set(exponent)
  })
}

/**
 * The same for any x: subnormal ones, too, are split, and `rare` (an i32) is set where a lane is one of them or is
 * zero, negative, infinite or NaN, for which the parts mean nothing.
 */
export function splitAny(code: Code, x: Local, exponent: Local, mantissa: Local, rare: Local): void {
  split(code, x, exponent, mantissa)
  code
    .get(x)
    .get(code.ints(leastNormal))
    .op('i32x4.sub')
    .get(code.ints(0x7f800000 - leastNormal))
    .op('i32x4.ge_u')
  code.op('v128.any_true').tee(rare)
  code.if(() =>
    temporaries(code, (small, normal) => {
      code
        .get(x)
        .get(code.floats(2 ** -126))
        .op('f32x4.lt')
        .set(small)
      code
        .get(x)
        .get(code.floats(2 ** 23))
        .op('f32x4.mul')
        .get(x)
        .get(small)
        .op('v128.bitselect')
        .set(normal)
      split(code, normal, exponent, mantissa)
      code.get(exponent).get(small).get(code.floats(23)).op('v128.and').op('f32x4.sub').set(exponent)
    }),
  )
}
