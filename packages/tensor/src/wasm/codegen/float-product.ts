import type { Code, Local } from '../code.ts'
import type { Accumulator } from './accumulator.ts'
import { narrowDoubles } from './doubles.ts'

const highHalf = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]

function merge(code: Code, state: readonly Local[], other: readonly Local[]): void {
  for (const [p, part] of state.entries()) code.get(part).get(other[p]).op('f64x2.mul').set(part)
}

/** The product of floats in two pairs of float64 lanes, rounded once. */
export const floatProduct: Accumulator = {
  parts: 2,
  anyOrder: false,
  start: code => code.f64(1).op('f64x2.splat'),
  neutral: code => code.get(code.floats(1)),
  take(code, [low, high], x) {
    code.get(low).get(x).op('f64x2.promote_low_f32x4').op('f64x2.mul').set(low)
    code.get(high).get(x).get(x).shuffle(highHalf).op('f64x2.promote_low_f32x4').op('f64x2.mul').set(high)
  },
  merge,
  fold(code, [low, high]) {
    code.get(low).get(high).op('f64x2.mul').set(low)
    code.get(low).get(low).get(low).shuffle(highHalf).op('f64x2.mul').set(low)
    code.get(low).set(high)
  },
  finish: (code, [low, high], dtype, out) => narrowDoubles(code, dtype, low, high, out),
}
