import type { Code, Local } from '../code.ts'
import { byHalves } from './by-halves.ts'
import { doubles } from './doubles.ts'
import type { UnaryEmitter } from './emitters.ts'
import { throughHost } from './host-lanes.ts'
import { polynomial } from './polynomial.ts'
import { temporaries } from './temporaries.ts'

/** Half of pi in two parts; products of the first, of 33 bits, with small integers are exact in float64. */
const halfPiHigh = 1.5707963267341256
const halfPiLow = 6.077100506506192e-11

const farthest = 8192
const roundingUnit = 1.5 * 2 ** 23

/** `(sin(r) - r) / r^3` and `(cos(r) - 1 + r^2 / 2) / r^4` in powers of r^2 for |r| <= pi / 4: minimax fits. */
const sinTail = [-0.00019502623223478926, 0.008332091115835497, -0.166666545301708]
const cosTail = [2.4462493995726053e-5, -0.001388764452167639, 0.04166665450735538]

/** Sets `rest` to x less the nearest multiple of half pi, and the low bits of `sum` to which multiple that is. */
function reduce(code: Code, x: Local, sum: Local, rest: Local): void {
  temporaries(code, (count, wide) => {
    code
      .get(x)
      .get(code.floats(2 / Math.PI))
      .op('f32x4.mul')
      .get(code.floats(roundingUnit))
      .op('f32x4.add')
      .tee(sum)
    code.get(code.floats(roundingUnit)).op('f32x4.sub').set(count)
    byHalves(code, [x, count], rest, (low, lowCount) => {
      code.get(low).op('f64x2.promote_low_f32x4').get(lowCount).op('f64x2.promote_low_f32x4').tee(wide)
      code.get(doubles(code, halfPiHigh)).op('f64x2.mul').op('f64x2.sub')
      code.get(wide).get(doubles(code, halfPiLow)).op('f64x2.mul').op('f64x2.sub').op('f32x4.demote_f64x2_zero')
    })
  })
}

function sinWithin(code: Code, rest: Local, square: Local, out: Local): void {
  temporaries(code, cube => {
    code.get(rest).get(square).op('f32x4.mul').set(cube)
    polynomial(code, square, sinTail)
    code.timesPlus(cube, rest)
    // The sign of -0 is lost in the sum.
    code.get(rest).get(code.ints(0x80000000)).op('v128.and').op('v128.or').set(out)
  })
}

function cosWithin(code: Code, square: Local, out: Local): void {
  temporaries(code, half => {
    code.get(square).get(code.floats(-0.5)).op('f32x4.mul').get(code.floats(1)).op('f32x4.add').set(half)
    polynomial(code, square, cosTail)
    code.get(square).op('f32x4.mul').timesPlus(square, half).set(out)
  })
}

/** The sine of x plus `quarters` times half pi; arguments beyond 8192 go to the host one by one. */
const sineFrom =
  (quarters: 0 | 1): UnaryEmitter =>
  (code, x, out) =>
    temporaries(code, (quadrant, rest, square, sine, y) => {
      reduce(code, x, quadrant, rest)
      code.get(rest).get(rest).op('f32x4.mul').set(square)
      sinWithin(code, rest, square, sine)
      cosWithin(code, square, y)
      code.get(quadrant).get(code.ints(quarters)).op('i32x4.add').set(quadrant)
      code.get(y).get(sine).get(quadrant).i32(31).op('i32x4.shl').i32(31).op('i32x4.shr_s').op('v128.bitselect')
      code.get(quadrant).i32(30).op('i32x4.shl').get(code.ints(0x80000000)).op('v128.and').op('v128.xor').set(y)
      const far = sine
      code.get(x).op('f32x4.abs').get(code.floats(farthest)).op('f32x4.gt').tee(far).op('v128.any_true')
      code.if(() => {
        throughHost(quarters === 0 ? 'sin' : 'cos')(code, x, rest)
        code.get(rest).get(y).get(far).op('v128.bitselect').set(y)
      })
      code.get(y).set(out)
    })

export const sin = sineFrom(0)
export const cos = sineFrom(1)
