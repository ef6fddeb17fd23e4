import { exp2Of } from './base-two.ts'
import { byHalves } from './by-halves.ts'
import { doubles } from './doubles.ts'
import type { UnaryEmitter } from './emitters.ts'
import { polynomial, polynomial64 } from './polynomial.ts'
import { temporaries } from './temporaries.ts'

/** `erf(x) / x` in powers of x^2 for |x| <= 1: a minimax fit, relative error below 2e-9. */
const near = [
  7.853864757320464e-5, -0.0008010194456952618, 0.005188327752419464, -0.026853811951148904, 0.11283585148319324,
  -0.3761262582409769, 1.1283791657266526,
]

/** The fourth root of erfc in powers of `|x| - 2.5` for |x| in [1, 4]: error of erfc below 9e-9. */
const middle = 2.5
const far = [
  -2.2056973953700974e-5, -0.00026633943817622456, -5.128037314036172e-6, 0.0027602598716965523, -0.006397958471001212,
  -0.012263600256961589, 0.09363097682399063, -0.1900677764313954, 0.1420319458797153,
]

/** `erfc(x) exp(x^2) / t` in powers of `t = 1 / (1 + 0.4 x)` for x in [0, 10.2], relative error below 9e-9. */
const tail = [
  -0.029205823788129606, 0.19590306025632848, -0.4938493441510569, 0.5408182561689795, -0.2788638146919531,
  0.269113187929483, 0.13070007801476782, 0.2147005464503892, 0.2249783034153891, 0.2257055587046302,
]

/** Exactly 1 from 4 on and never beyond: 2 ulp. */
export const erf: UnaryEmitter = (code, x, out) =>
  temporaries(code, (magnitude, variable, result) => {
    const signs = code.ints(0x80000000)
    code.get(x).op('f32x4.abs').tee(magnitude).get(code.floats(4)).op('f32x4.pmin')
    code.get(code.floats(middle)).op('f32x4.sub').set(variable)
    polynomial(code, variable, far)
    code.tee(result).get(result).op('f32x4.mul').tee(result).get(result).op('f32x4.mul').set(result)
    code.get(code.floats(1)).get(result).op('f32x4.sub').get(x).get(signs).op('v128.and').op('v128.or').set(result)
    code.get(x).get(x).op('f32x4.mul').set(variable)
    polynomial(code, variable, near)
    code.get(x).op('f32x4.mul').get(result)
    code.get(magnitude).get(code.floats(1)).op('f32x4.lt').op('v128.bitselect').set(out)
  })

/** In float64, as `exp(-x^2)` of large x needs all of x^2; `2 - erfc(-x)` for negative x. */
export const erfc: UnaryEmitter = (code, x, out) =>
  byHalves(code, [x], out, low =>
    temporaries(code, (wide, magnitude, t, y) => {
      code.get(low).op('f64x2.promote_low_f32x4').tee(wide).op('f64x2.abs').tee(magnitude)
      code.get(magnitude).op('f64x2.mul').get(doubles(code, -Math.LOG2E)).op('f64x2.mul').set(y)
      code.get(doubles(code, 1))
      code.get(magnitude).get(doubles(code, 0.4)).op('f64x2.mul').get(doubles(code, 1)).op('f64x2.add')
      code.op('f64x2.div').set(t)
      exp2Of(code, y)
      polynomial64(code, t, tail)
      code.get(t).op('f64x2.mul').op('f64x2.mul').set(y)
      code.get(doubles(code, 2)).get(y).op('f64x2.sub').get(y)
      code.get(wide).get(doubles(code, 0)).op('f64x2.lt').op('v128.bitselect').op('f32x4.demote_f64x2_zero')
    }),
  )
