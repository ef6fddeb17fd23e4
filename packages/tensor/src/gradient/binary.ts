import type { BinaryName } from '../graph/node.ts'
import { binary } from '../primitive.ts'
import type { Tensor } from '../tensor.ts'
import { add, apply, both, choose, div, equal, greater, greaterEqual, mul, neg, pow, square, sub } from './algebra.ts'

/** Gradients towards `a` and `b` of `y = f(a, b)`; null where one is zero everywhere. */
type BinaryRule = (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => readonly [Tensor | null, Tensor | null]

const none: BinaryRule = () => [null, null]

/** Half to each at a tie, all to the larger side elsewhere. */
const larger: BinaryRule = (dy, a, b) => {
  const tie = equal(a, b)
  const half = mul(dy, 0.5)
  return [
    choose(tie, half, choose(greater(a, b), dy, 0, dy), dy),
    choose(tie, half, choose(greater(b, a), dy, 0, dy), dy),
  ]
}
const smaller: BinaryRule = (dy, a, b) => {
  const [toB, toA] = larger(dy, a, b, dy)
  return [toA, toB]
}
const ignoringNaN =
  (rule: BinaryRule): BinaryRule =>
  (dy, a, b, y) => {
    const [toA, toB] = rule(dy, a, b, y) as [Tensor, Tensor]
    const [aMissing, bMissing] = [apply('isnan', a), apply('isnan', b)]
    return [choose(bMissing, dy, toA, dy), choose(both(aMissing, apply('logicalNot', bMissing)), dy, toB, dy)]
  }

export const binaryRules: Record<BinaryName, BinaryRule> = {
  add: dy => [dy, dy],
  sub: dy => [dy, neg(dy)],
  mul: (dy, a, b) => [mul(dy, b), mul(dy, a)],
  div: (dy, _a, b, y) => [div(dy, b), neg(div(mul(dy, y), b))],
  floorDivide: none,
  remainder: (dy, a, b) => [dy, neg(mul(dy, binary('gradients', 'floorDivide', a, b)))],
  fmod: (dy, a, b) => [dy, neg(mul(dy, apply('trunc', div(a, b))))],
  pow: (dy, a, b, y) => {
    // Exponent and base are replaced where the rule says 0, so that no infinity meets a 0 in higher orders.
    const constantPower = equal(b, 0)
    const slope = mul(b, pow(a, choose(constantPower, 1, sub(b, 1), b)))
    const flat = both(equal(a, 0), greaterEqual(b, 0))
    const logarithm = apply('log', choose(equal(a, 0), 1, a, a))
    const steep = choose(equal(a, 0), Number.NEGATIVE_INFINITY, logarithm, a)
    return [choose(constantPower, 0, mul(dy, slope), dy), choose(flat, 0, mul(mul(dy, y), steep), dy)]
  },
  atan2: (dy, a, b) => {
    const scale = div(dy, add(square(a), square(b)))
    return [mul(scale, b), neg(mul(scale, a))]
  },
  hypot: (dy, a, b, y) => {
    const origin = equal(y, 0)
    const scale = choose(origin, 0, div(dy, choose(origin, 1, y, y)), dy)
    return [mul(scale, a), mul(scale, b)]
  },
  logaddexp: (dy, a, b) => {
    const sameInfinity = both(equal(a, b), apply('isinf', a))
    const weight = apply('sigmoid', choose(sameInfinity, 0, sub(a, b), a))
    return [mul(dy, weight), mul(dy, apply('sigmoid', choose(sameInfinity, 0, sub(b, a), a)))]
  },
  maximum: larger,
  minimum: smaller,
  fmax: ignoringNaN(larger),
  fmin: ignoringNaN(smaller),
  bitwiseAnd: none,
  bitwiseOr: none,
  bitwiseXor: none,
  shiftLeft: none,
  shiftRight: none,
  equal: none,
  notEqual: none,
  less: none,
  lessEqual: none,
  greater: none,
  greaterEqual: none,
  logicalAnd: none,
  logicalOr: none,
  logicalXor: none,
}
