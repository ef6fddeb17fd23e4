import type { UnaryEmitter } from './emitters.ts'
import { polynomial } from './polynomial.ts'
import { temporaries } from './temporaries.ts'

/** `2 tanh(x / 2) = x P(x^2) / Q(x^2)`, a fit whose error in tanh(x) is below 3e-8 for |x| <= 9. */
const numerator = [-6.720470935306366e-8, 7.615074719069526e-5, 0.028316741809248924, 1.0]
const denominator = [0.0010470739798620343, 0.11164996773004532, 1.0]

/** `tanh(x) / x` in powers of x^2 up to 0.49: a minimax fit, error of tanh below 4e-8. */
const nearSeries = [
  -0.005041549775639586, 0.020002160192551143, -0.05353582772879855, 0.13329042631622226, -0.3333320862279076, 1,
]
const near = 0.49

/** Where the computed value is exactly 1, whether or not products are rounded before they are added. */
const saturation = 9

/**
 * `2 t / (1 + t^2)` with `t = tanh(x / 2)`, in which errors of t fade out where the result comes close to 1, and a
 * polynomial for small x: 4 ulp, never beyond 1, and exactly 1 from 9 on.
 */
export const tanh: UnaryEmitter = (code, x, out) =>
  temporaries(code, (clamped, square, top, bottom, quarter) => {
    code
      .get(x)
      .get(code.floats(saturation))
      .op('f32x4.pmin')
      .get(code.floats(-saturation))
      .op('f32x4.pmax')
      .tee(clamped)
    code.get(clamped).op('f32x4.mul').set(square)
    polynomial(code, square, numerator)
    code.get(clamped).op('f32x4.mul').set(top)
    polynomial(code, square, denominator)
    code.set(bottom)
    code.get(top).get(code.floats(0.25)).op('f32x4.mul').get(top).op('f32x4.mul').set(quarter)
    code.get(top).get(bottom).op('f32x4.mul').get(bottom).timesPlus(bottom, quarter).op('f32x4.div')
    code.get(code.floats(1)).op('f32x4.pmin').get(code.floats(-1)).op('f32x4.pmax').set(top)
    polynomial(code, square, nearSeries)
    code.get(clamped).op('f32x4.mul').get(top)
    code.get(square).get(code.floats(near)).op('f32x4.lt').op('v128.bitselect').set(out)
  })
