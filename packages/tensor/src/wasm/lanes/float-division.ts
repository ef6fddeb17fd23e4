import { byHalves } from './by-halves.ts'
import type { BinaryEmitter } from './emitters.ts'
import { throughHostBinary } from './host-lanes.ts'
import { temporaries } from './temporaries.ts'

/** The quotient in float64, whose floor is right where a float32 quotient would have been rounded up. */
export const floatFloorDivide: BinaryEmitter = (code, a, b, out) =>
  byHalves(code, [a, b], out, (low, lowDivisor) => {
    code.get(low).op('f64x2.promote_low_f32x4').get(lowDivisor).op('f64x2.promote_low_f32x4').op('f64x2.div')
    code.op('f64x2.floor').op('f32x4.demote_f64x2_zero')
  })

/** Up to this quotient, its product with a float32 divisor is exact in float64. */
const largestQuotient = 2 ** 27

/** What truncated division leaves, exactly, with the sign of `a`; far quotients go to the host one by one. */
export const floatFmod: BinaryEmitter = (code, a, b, out) =>
  temporaries(code, rest => {
    byHalves(code, [a, b], rest, (low, lowDivisor) =>
      temporaries(code, (wide, divisor) => {
        code.get(low).op('f64x2.promote_low_f32x4').tee(wide)
        code.get(wide).get(lowDivisor).op('f64x2.promote_low_f32x4').tee(divisor).op('f64x2.div').op('f64x2.trunc')
        code.get(divisor).op('f64x2.mul').op('f64x2.sub').op('f32x4.demote_f64x2_zero')
      }),
    )
    code.get(rest).op('f32x4.abs').get(a).get(code.ints(0x80000000)).op('v128.and').op('v128.or').set(rest)
    code.get(a).get(b).op('f32x4.div').op('f32x4.abs').get(code.floats(largestQuotient)).op('f32x4.lt')
    code.get(rest).get(rest).op('f32x4.eq').op('v128.and').op('i32x4.all_true').op('i32.eqz')
    code.if(() => throughHostBinary('fmod')(code, a, b, rest))
    code.get(rest).set(out)
  })

/** What floored division leaves: with the sign of `b`, also where it is zero. */
export const floatRemainder: BinaryEmitter = (code, a, b, out) =>
  temporaries(code, (rest, signs, zero) => {
    floatFmod(code, a, b, rest)
    code.get(rest).get(code.floats(0)).op('f32x4.eq').set(zero)
    code.get(rest).get(b).op('v128.xor').i32(31).op('i32x4.shr_s').get(zero).op('v128.andnot').set(signs)
    code.get(rest).get(b).get(signs).op('v128.and').op('f32x4.add').set(rest)
    code.get(b).get(code.ints(0x80000000)).op('v128.and').get(rest).get(zero).op('v128.bitselect').set(out)
  })
