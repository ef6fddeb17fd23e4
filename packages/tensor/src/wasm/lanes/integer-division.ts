import type { DType } from '../../dtype.ts'
import type { Code, Local } from '../code.ts'
import { byHalves } from './by-halves.ts'
import type { BinaryEmitter } from './emitters.ts'
import { temporaries } from './temporaries.ts'
import { wrap } from './wrap.ts'

/** Added to a float64 integer, leaves it in the low 32 bits of the sum, wrapped. */
const integerUnit = 1.5 * 2 ** 52

const evenWords = [0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]

/** Quotients of int32 lanes, rounded by `rounding`, modulo 2^32; 0 where the divisor is 0. */
function quotient(code: Code, rounding: 'f64x2.floor' | 'f64x2.trunc', a: Local, b: Local, out: Local): void {
  temporaries(code, (divides, sum) => {
    code.get(b).get(code.ints(0)).op('i32x4.ne').set(divides)
    byHalves(code, [a, b], out, (low, lowDivisor) => {
      code.get(low).op('f64x2.convert_low_i32x4_s').get(lowDivisor).op('f64x2.convert_low_i32x4_s').op('f64x2.div')
      code.op(rounding).f64(integerUnit).op('f64x2.splat').op('f64x2.add').tee(sum).get(sum).shuffle(evenWords)
    })
    code.get(out).get(divides).op('v128.and').set(out)
  })
}

/** Division rounded towards minus infinity. */
export const integerFloorDivide =
  (dtype: DType): BinaryEmitter =>
  (code, a, b, out) => {
    quotient(code, 'f64x2.floor', a, b, out)
    code.get(out)
    wrap(code, dtype).set(out)
  }

/** What division leaves: with the divisor's sign after `floor`, with the dividend's after `trunc`; 0 for a divisor 0. */
export const integerRemainder =
  (rounding: 'f64x2.floor' | 'f64x2.trunc'): BinaryEmitter =>
  (code, a, b, out) =>
    temporaries(code, (whole, rest) => {
      quotient(code, rounding, a, b, whole)
      code.get(a).get(whole).get(b).op('i32x4.mul').op('i32x4.sub').set(rest)
      code.get(rest).get(b).get(code.ints(0)).op('i32x4.ne').op('v128.and').set(out)
    })
