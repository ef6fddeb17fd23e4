import type { UnaryEmitter } from './emitters.ts'
import { polynomial } from './polynomial.ts'
import { temporaries } from './temporaries.ts'

/** `2 tanh(x / 2) = (x + x^3 P(x^2)) / Q(x^2)`, a minimax fit: error of tanh(x) below 8e-9 of its size for |x| <= 9. */
const numerator = [0.00011435108245490063, 0.029778266230510164]
const denominator = [1.2310690227020842e-6, 0.0012070174506549963, 0.11311156540662363, 1]

/** Where the computed value is exactly 1, whether or not products are rounded before they are added. */
const saturation = 8.98925

/**
 * `2 t / (1 + t^2)` with `t = tanh(x / 2)`, in which errors of t fade out where the result comes close to 1: 4.5 ulp,
 * never beyond 1, and exactly 1 from 9 on.
 */
export const tanh: UnaryEmitter = (code, x, out) =>
  temporaries(code, (clamped, square, top, bottom) => {
    const limit = saturation
    code.get(x).get(code.floats(limit)).op('f32x4.pmin').get(code.floats(-limit)).op('f32x4.pmax').tee(clamped)
    code.get(clamped).op('f32x4.mul').set(square)
    polynomial(code, square, numerator)
    code.set(top).get(clamped).get(square).op('f32x4.mul').timesPlus(top, clamped).set(top)
    polynomial(code, square, denominator)
    code.tee(bottom).get(top).op('f32x4.mul')
    code.get(top).get(code.floats(0.5)).op('f32x4.mul').tee(top).get(top).op('f32x4.mul').set(top)
    code.get(bottom).timesPlus(bottom, top).op('f32x4.div')
    code.get(code.floats(1)).op('f32x4.pmin').get(code.floats(-1)).op('f32x4.pmax').set(out)
  })
