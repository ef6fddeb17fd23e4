import type { Code, Local } from '../code.ts'
import { type Accumulator, foldLanes } from './accumulator.ts'

/**
 * The largest or smallest float: the extreme of what is no number's absence, a mask of NaN, and a sign for zeros. The
 * pseudo-maximum is one instruction where the NaN-propagating one is seven, but it skips NaN and takes -0 for 0. The
 * largest is 0 rather than -0 if any sign bit is clear, as all others are negative then.
 */
export function floatExtreme(f: 'max' | 'min'): Accumulator {
  const pick = f === 'max' ? 'f32x4.pmax' : 'f32x4.pmin'
  const sign = f === 'max' ? 'v128.and' : 'v128.or'
  const identity = f === 'max' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const merge = (code: Code, state: readonly Local[], other: readonly Local[]): void => {
    const [best, nan, signs] = state
    code.get(best).get(other[0]).op(pick).set(best)
    code.get(nan).get(other[1]).op('v128.or').set(nan)
    code.get(signs).get(other[2]).op(sign).set(signs)
  }
  return {
    parts: 3,
    anyOrder: true,
    start(code, part) {
      if (part === 0) code.get(code.floats(identity))
      else code.get(code.ints(part === 2 && f === 'max' ? -1 : 0))
    },
    neutral: code => code.get(code.floats(identity)),
    take(code, [best, nan, signs], x) {
      code.get(best).get(x).op(pick).set(best)
      code.get(nan).get(x).get(x).op('f32x4.ne').op('v128.or').set(nan)
      code.get(signs).get(x).op(sign).set(signs)
    },
    merge,
    fold: (code, state) => foldLanes(code, state, merge),
    finish(code, [best, nan, signs], _, out) {
      const zero = code.floats(0)
      code.get(signs).get(code.floats(-0)).op('v128.and')
      code.get(best).get(best).get(zero).op('f32x4.eq').op('v128.bitselect')
      code.get(nan).get(code.floats(Number.NaN)).op('v128.and').op('v128.or').set(out)
    },
  }
}
