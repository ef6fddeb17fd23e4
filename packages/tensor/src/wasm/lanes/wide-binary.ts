import { byHalves } from './by-halves.ts'
import type { BinaryEmitter } from './emitters.ts'
import { softplusOfMinusMagnitude } from './logarithm.ts'
import { temporaries } from './temporaries.ts'

/** `sqrt(a^2 + b^2)` in float64, infinite where an operand is, even beside NaN. */
export const hypot: BinaryEmitter = (code, a, b, out) =>
  temporaries(code, y => {
    byHalves(code, [a, b], y, (...low) => {
      for (const operand of low)
        temporaries(code, wide => {
          code.get(operand).op('f64x2.promote_low_f32x4').tee(wide).get(wide).op('f64x2.mul')
        })
      code.op('f64x2.add').op('f64x2.sqrt').op('f32x4.demote_f64x2_zero')
    })
    code.get(y).get(y).op('f32x4.ne').op('v128.any_true')
    code.if(() => {
      const infinity = code.floats(Number.POSITIVE_INFINITY)
      code.get(infinity).get(y).get(a).op('f32x4.abs').get(infinity).op('f32x4.eq')
      code.get(b).op('f32x4.abs').get(infinity).op('f32x4.eq').op('v128.or').op('v128.bitselect').set(y)
    })
    code.get(y).set(out)
  })

/** `max(a, b) + log(1 + exp(-|a - b|))`; equal operands, infinite ones too, differ by nothing. */
export const logaddexp: BinaryEmitter = (code, a, b, out) =>
  temporaries(code, gap => {
    code.get(a).get(b).op('f32x4.sub').get(a).get(b).op('f32x4.ne').op('v128.and').set(gap)
    softplusOfMinusMagnitude(code, gap, gap)
    code.get(a).get(b).op('f32x4.max').get(gap).op('f32x4.add').set(out)
  })
