import type { Code, Local } from '../code.ts'
import { temporaries } from './temporaries.ts'

/** Where a half's exponent and mantissa stand in a float of 2^112 times smaller value. */
const mantissaGap = 13

/**
 * The four floats of the halves in the low 16 bits of each lane. Shifting a half into a float makes a float that is
 * 2^112 times too small, subnormals included; infinities and NaN get their exponent afterwards.
 */
export function halvesToFloats(code: Code, x: Local, out: Local): void {
  temporaries(code, magnitude => {
    code.get(x).get(code.ints(0x7fff)).op('v128.and').set(magnitude)
    code
      .get(magnitude)
      .i32(mantissaGap)
      .op('i32x4.shl')
      .get(code.floats(2 ** 112))
      .op('f32x4.mul')
    code.get(magnitude).get(code.ints(0x7c00)).op('i32x4.ge_s').get(code.ints(0x7f800000)).op('v128.and').op('v128.or')
    code.get(x).get(code.ints(0x8000)).op('v128.and').i32(16).op('i32x4.shl').op('v128.or').set(out)
  })
}

/**
 * Leaves the magnitudes of four floats on the stack, rounded to halves, ties to even; 65536 stands for infinity.
 * Adding and subtracting a power of two that is 2^13 times the leading bit, or that of the least normal half, drops
 * the bits that a half does not have.
 */
function roundedMagnitude(code: Code, x: Local): void {
  temporaries(code, (magnitude, unit) => {
    code.get(x).op('f32x4.abs').get(code.floats(65536)).op('f32x4.pmin').tee(magnitude)
    code
      .get(magnitude)
      .get(code.ints(0x7f800000))
      .op('v128.and')
      .get(code.floats(2 ** -14))
      .op('i32x4.max_s')
    code
      .get(code.ints(mantissaGap << 23))
      .op('i32x4.add')
      .tee(unit)
      .op('f32x4.add')
      .get(unit)
      .op('f32x4.sub')
  })
}

/** Four floats rounded to the nearest halves, ties to even; from 65520 on to infinity. */
export function roundToHalves(code: Code, x: Local, out: Local): void {
  temporaries(code, rounded => {
    roundedMagnitude(code, x)
    code.tee(rounded).get(rounded).get(code.floats(65504)).op('f32x4.gt')
    code.get(code.ints(0x7f800000)).op('v128.and').op('v128.or')
    code.get(x).get(code.ints(0x80000000)).op('v128.and').op('v128.or').set(out)
  })
}

/** The bits of the nearest halves in the low 16 bits of each lane. */
export function floatsToHalves(code: Code, x: Local, out: Local): void {
  roundedMagnitude(code, x)
  code
    .get(code.floats(2 ** -112))
    .op('f32x4.mul')
    .i32(mantissaGap)
    .op('i32x4.shr_u')
  code.get(code.ints(0x7fff)).op('v128.and')
  code.get(x).i32(16).op('i32x4.shr_u').get(code.ints(0x8000)).op('v128.and').op('v128.or').set(out)
}
