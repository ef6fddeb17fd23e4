import type { Code, Local } from '../code.ts'
import { exp2Of, log2OfParts } from './base-two.ts'
import { byHalves } from './by-halves.ts'
import type { BinaryEmitter } from './emitters.ts'
import { splitAny } from './float-parts.ts'
import { temporaries } from './temporaries.ts'

/**
 * `|a|^b` in float64 as `2^(b log2 |a|)`, rounded once, so exact results come out exact; then what signs, zeros,
 * infinities and NaN change.
 */
export const floatPow: BinaryEmitter = (code, a, b, out) =>
  temporaries(code, (magnitude, exponent, mantissa, y) => {
    code.temporary('i32', rare => {
      code.get(a).op('f32x4.abs').set(magnitude)
      splitAny(code, magnitude, exponent, mantissa, rare)
      byHalves(code, [exponent, mantissa, b], y, (lowExponent, lowMantissa, lowB) =>
        temporaries(code, product => {
          log2OfParts(code, lowExponent, lowMantissa)
          code.get(lowB).op('f64x2.promote_low_f32x4').op('f64x2.mul').set(product)
          exp2Of(code, product)
          code.op('f32x4.demote_f64x2_zero')
        }),
      )
      const infinity = code.floats(Number.POSITIVE_INFINITY)
      code.get(rare)
      code.get(a).get(b).op('f32x4.abs').get(infinity).op('f32x4.lt').op('v128.not').op('v128.or')
      code.get(code.ints(0x80000000)).op('v128.and').op('v128.any_true').op('i32.or')
      code.if(() => repair(code, a, b, magnitude, y))
    })
    code.get(y).set(out)
  })

/** The rules of IEEE 754 for `a^b`, where `y` is the power of the magnitude of a if that is positive and finite. */
function repair(code: Code, a: Local, b: Local, magnitude: Local, y: Local): void {
  const zero = code.floats(0)
  const one = code.floats(1)
  const infinity = code.floats(Number.POSITIVE_INFINITY)
  temporaries(code, (whole, odd, endless) => {
    code.get(b).op('f32x4.trunc').get(b).op('f32x4.eq').set(whole)
    code.get(b).get(code.floats(0.5)).op('f32x4.mul').tee(odd).op('f32x4.trunc').get(odd).op('f32x4.ne')
    code.get(whole).op('v128.and').set(odd)

    code.get(magnitude).get(zero).op('f32x4.eq').tee(endless)
    code.get(b).get(zero).op('f32x4.gt').op('v128.xor').get(infinity).op('v128.and').get(y)
    code.get(endless).get(magnitude).get(infinity).op('f32x4.eq').op('v128.or').op('v128.bitselect').set(y)

    code.get(a).get(odd).op('v128.and').get(code.ints(0x80000000)).op('v128.and').get(y).op('v128.or').set(y)

    code.get(code.floats(Number.NaN)).get(y)
    code.get(a).get(zero).op('f32x4.lt').get(magnitude).get(infinity).op('f32x4.lt').op('v128.and')
    code.get(whole).op('v128.andnot')
    code.get(a).get(a).op('f32x4.ne').op('v128.or').get(b).get(b).op('f32x4.ne').op('v128.or')
    code.op('v128.bitselect').set(y)

    code.get(one).get(y).get(a).get(one).op('f32x4.eq').get(b).get(zero).op('f32x4.eq').op('v128.or')
    code.get(magnitude).get(one).op('f32x4.eq').get(b).op('f32x4.abs').get(infinity).op('f32x4.eq').op('v128.and')
    code.op('v128.or').op('v128.bitselect').set(y)
  })
}
