import type { Code, Local } from '../code.ts'
import type { UnaryEmitter } from './emitters.ts'
import { expOfMinusMagnitude, ln2High, ln2Low } from './exponential.ts'
import { lowestMantissa, splitAny } from './float-parts.ts'
import { polynomial } from './polynomial.ts'
import { temporaries } from './temporaries.ts'

/** `(log(1 + f) - f + f^2 / 2) / f^3` on [sqrt(1/2) - 1, sqrt(2) - 1], a minimax fit; error of log below 6e-9. */
const logTail = [
  -0.0763573045697, 0.1276335423287, -0.1316056502692, 0.1420154792185, -0.1662329975678, 0.2000123364386,
  -0.2500082267763, 0.3333333165469,
]

/** Replaces the logarithms `out` of lanes that have none or an infinite one. */
export function repairLogarithm(code: Code, x: Local, out: Local): void {
  const zero = code.floats(0)
  temporaries(code, special => {
    code.get(code.floats(Number.NEGATIVE_INFINITY)).get(x).get(x).get(zero).op('f32x4.eq')
    code.op('v128.bitselect').set(special)
    code.get(code.floats(Number.NaN)).get(special).get(x).get(zero).op('f32x4.lt').op('v128.bitselect')
    code.get(out).get(x).get(zero).op('f32x4.gt')
    code.get(x).get(code.floats(Number.POSITIVE_INFINITY)).op('f32x4.lt').op('v128.and').op('v128.not')
    code.op('v128.bitselect').set(out)
  })
}

/** `exponent * ln 2 + log(1 + f)`: 1 ulp. */
function logOfParts(code: Code, exponent: Local, f: Local, out: Local): void {
  temporaries(code, (square, sum) => {
    code.get(f).get(f).op('f32x4.mul').set(square)
    polynomial(code, f, logTail)
    code.get(f).op('f32x4.mul').get(square).op('f32x4.mul').set(sum)
    code.get(exponent).timesPlus(code.floats(ln2Low), sum).set(sum)
    code.get(square).timesPlus(code.floats(-0.5), sum).get(f).op('f32x4.add').set(sum)
    code.get(exponent).timesPlus(code.floats(ln2High), sum).set(out)
  })
}

export const log: UnaryEmitter = (code, x, out) =>
  temporaries(code, (exponent, f, y) => {
    code.temporary('i32', rare => {
      splitAny(code, x, exponent, f, rare)
      code.get(f).get(code.floats(1)).op('f32x4.sub').set(f)
      logOfParts(code, exponent, f, y)
      code.get(rare).if(() => repairLogarithm(code, x, y))
    })
    code.get(y).set(out)
  })

/** `log(1 + x)` for x in (-1, 2^126): what the sum loses is kept by scaling x itself. */
function log1pWithin(code: Code, x: Local, out: Local): void {
  temporaries(code, (exponent, scale, f) => {
    const one = code.floats(1)
    code.get(x).get(one).op('f32x4.add').get(code.ints(lowestMantissa)).op('i32x4.sub')
    code.i32(23).op('i32x4.shr_s').set(exponent)
    code.get(one).get(exponent).i32(23).op('i32x4.shl').op('i32x4.sub').set(scale)
    code.get(scale).get(one).op('f32x4.sub').get(x).get(scale).op('f32x4.mul').op('f32x4.add').set(f)
    code.get(exponent).op('f32x4.convert_i32x4_s').set(exponent)
    logOfParts(code, exponent, f, out)
  })
}

export const log1p: UnaryEmitter = (code, x, out) =>
  temporaries(code, (y, common) => {
    log1pWithin(code, x, y)
    code
      .get(x)
      .get(code.floats(-1))
      .op('f32x4.gt')
      .get(x)
      .get(code.floats(2 ** 126))
      .op('f32x4.lt')
      .op('v128.and')
    code.tee(common).op('i32x4.all_true').op('i32.eqz')
    code.if(() =>
      temporaries(code, (sum, far) => {
        code.get(x).get(code.floats(1)).op('f32x4.add').set(sum)
        log(code, sum, far)
        code.get(y).get(far).get(common).op('v128.bitselect').set(y)
      }),
    )
    code.get(y).get(x).get(code.ints(0x7fffffff)).op('v128.bitselect').set(out)
  })

/** `2 atanh(s) / s` in powers of s^2 for s <= 1/3: a minimax fit, relative error below 4e-9. */
const atanhSeries = [0.28178332630931335, 0.27960607586142483, 0.40024909530341324, 0.6666631471232358, 2]

/** `log(1 + exp(-|x|))` as `2 atanh(s)` with `s = e / (2 + e)`, as e lies in (0, 1]. */
export function softplusOfMinusMagnitude(code: Code, x: Local, out: Local): void {
  temporaries(code, (s, square) => {
    expOfMinusMagnitude(code, x, s)
    code.get(s).get(s).get(code.floats(2)).op('f32x4.add').op('f32x4.div').tee(s)
    code.get(s).op('f32x4.mul').set(square)
    polynomial(code, square, atanhSeries)
    code.get(s).op('f32x4.mul').set(out)
  })
}

/** `max(x, 0) + log(1 + exp(-|x|))`, which neither overflows nor loses small results. */
export const softplus: UnaryEmitter = (code, x, out) =>
  temporaries(code, gap => {
    softplusOfMinusMagnitude(code, x, gap)
    code.get(x).get(code.floats(0)).op('f32x4.pmax').get(gap).op('f32x4.add').set(out)
  })
