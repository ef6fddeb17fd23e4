import type { Code, Local } from '../code.ts'
import { byHalves } from './by-halves.ts'
import { doubles } from './doubles.ts'
import type { UnaryEmitter } from './emitters.ts'
import { splitAny } from './float-parts.ts'
import { repairLogarithm } from './logarithm.ts'
import { polynomial64 } from './polynomial.ts'
import { temporaries } from './temporaries.ts'

/** `log2(m) / s` in powers of s^2, with `s = (m - 1) / (m + 1)`: a minimax fit, relative error below 3e-14. */
const log2Series = [
  0.2829209113607696, 0.31990432174679134, 0.41220928388617994, 0.5770779420746602, 0.9617966941142597,
  2.8853900817778495,
]

/** `(2^r - 1) / r` on |r| <= 0.502, relative error of 2^r below 5e-11. */
const exp2Series = [
  1.5195703526150662e-5, 0.00015467260935574128, 0.0013333941109271443, 0.009618036676788738, 0.055504103538970076,
  0.2402265107547044, 0.6931471807092032,
]

const roundingUnit = 1.5 * 2 ** 52 + 1023

/** Leaves `exponent + log2(mantissa)` of two lanes on the stack, in float64. */
export function log2OfParts(code: Code, exponent: Local, mantissa: Local): void {
  temporaries(code, (m, s, square) => {
    const one = doubles(code, 1)
    code.get(mantissa).op('f64x2.promote_low_f32x4').tee(m).get(one).op('f64x2.sub')
    code.get(m).get(one).op('f64x2.add').op('f64x2.div').tee(s).get(s).op('f64x2.mul').set(square)
    polynomial64(code, square, log2Series)
    code.get(s).op('f64x2.mul').get(exponent).op('f64x2.promote_low_f32x4').op('f64x2.add')
  })
}

/** Leaves 2 to the power of two float64 numbers on the stack; out of [-200, 200] the result is one at its end. */
export function exp2Of(code: Code, x: Local): void {
  temporaries(code, (clamped, sum, rest) => {
    const unit = doubles(code, roundingUnit)
    code.get(x).get(doubles(code, 200)).op('f64x2.pmin').get(doubles(code, -200)).op('f64x2.pmax').tee(clamped)
    code.get(unit).op('f64x2.add').set(sum)
    code.get(clamped).get(sum).get(unit).op('f64x2.sub').op('f64x2.sub').set(rest)
    polynomial64(code, rest, exp2Series)
    code.get(rest).op('f64x2.mul').get(doubles(code, 1)).op('f64x2.add')
    code.get(sum).i32(52).op('i64x2.shl').op('f64x2.mul')
  })
}

/** Logarithms to a base of which `scale` is the one of 2, in float64: exact where the result is a short number. */
const logarithm =
  (scale: number): UnaryEmitter =>
  (code, x, out) =>
    temporaries(code, (exponent, mantissa, y) => {
      code.temporary('i32', rare => {
        splitAny(code, x, exponent, mantissa, rare)
        byHalves(code, [exponent, mantissa], y, (lowExponent, lowMantissa) => {
          log2OfParts(code, lowExponent, lowMantissa)
          if (scale !== 1) code.get(doubles(code, scale)).op('f64x2.mul')
          code.op('f32x4.demote_f64x2_zero')
        })
        code.get(rare).if(() => repairLogarithm(code, x, y))
      })
      code.get(y).set(out)
    })

export const log2 = logarithm(1)
export const log10 = logarithm(Math.log10(2))
