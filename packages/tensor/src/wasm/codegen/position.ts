import type { Code, Local } from '../code.ts'
import { type Accumulator, foldLanes } from './accumulator.ts'

/**
 * Where the largest or smallest element stands: the lowest place among equals, and the first NaN before everything.
 * A lane meets its elements in order, so that a later one has to be better.
 */
export function positionOf(f: 'argmax' | 'argmin', float: boolean): Accumulator {
  const largest = f === 'argmax'
  const worst = largest ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const identity = (code: Code): Local => (float ? code.floats(worst) : code.ints(largest ? -(2 ** 31) : 2 ** 31 - 1))
  /** Pushes where x is better than `best`. */
  const better = (code: Code, x: Local, best: Local): void => {
    if (!float)
      code
        .get(x)
        .get(best)
        .op(largest ? 'i32x4.gt_s' : 'i32x4.lt_s')
    else {
      code.get(best).get(best).op('f32x4.eq')
      code
        .get(x)
        .get(best)
        .op(largest ? 'f32x4.le' : 'f32x4.ge')
        .op('v128.andnot')
    }
  }
  /** Replaces the state where the mask is set. */
  const replace = (code: Code, [best, place]: readonly Local[], x: Local, index: Local, where: Local): void => {
    code.get(x).get(best).get(where).op('v128.bitselect').set(best)
    code.get(index).get(place).get(where).op('v128.bitselect').set(place)
  }
  const merge = (code: Code, state: readonly Local[], other: readonly Local[]): void => {
    const [best, place] = state
    code.temporary('v128', where => {
      better(code, other[0], best)
      // Equal ones, and two NaN, where neither is better, go by their places.
      code.get(other[1]).get(place).op('i32x4.lt_s')
      better(code, other[0], best)
      better(code, best, other[0])
      code.op('v128.or').op('v128.andnot').op('v128.or').set(where)
      replace(code, state, other[0], other[1], where)
    })
  }
  return {
    parts: 2,
    anyOrder: true,
    start: (code, part) => (part === 0 ? code.get(identity(code)) : code.get(code.ints(0))),
    neutral: code => code.get(identity(code)),
    take(code, state, x, index) {
      code.temporary('v128', where => {
        better(code, x, state[0])
        code.set(where)
        replace(code, state, x, index!, where)
      })
    },
    merge,
    fold: (code, state) => foldLanes(code, state, merge),
    finish: (code, [, place], _, out) => code.get(place).set(out),
  }
}
