import type { UnaryName } from '../graph/node.ts'
import type { Tensor } from '../tensor.ts'
import { add, apply, div, mul, neg, square, sub } from './algebra.ts'
import { polygammaOf } from './polygamma.ts'

/** Gradient towards `x` of `y = f(x)`; null where it is zero everywhere. */
type UnaryRule = (dy: Tensor, x: Tensor, y: Tensor) => Tensor | null

const none: UnaryRule = () => null
const onePlusSquare = (x: Tensor): Tensor => add(square(x), 1)
/** 0 and not -0 at the ends, so that an infinite slope has its sign. */
const oneMinusSquare = (x: Tensor): Tensor => add(neg(square(x)), 1)
const twoOverRootPi = 2 / Math.sqrt(Math.PI)
const gaussian = (x: Tensor): Tensor => mul(apply('exp', neg(square(x))), twoOverRootPi)

export const unaryRules: Record<UnaryName, UnaryRule> = {
  neg: dy => neg(dy),
  abs: (dy, x) => mul(dy, apply('sign', x)),
  sign: none,
  sqrt: (dy, _x, y) => div(dy, mul(y, 2)),
  rsqrt: (dy, x, y) => mul(dy, div(mul(y, -0.5), x)),
  reciprocal: (dy, _x, y) => neg(mul(dy, square(y))),
  exp: (dy, _x, y) => mul(dy, y),
  exp2: (dy, _x, y) => mul(dy, mul(y, Math.LN2)),
  expm1: (dy, x) => mul(dy, apply('exp', x)),
  log: (dy, x) => div(dy, x),
  log2: (dy, x) => div(dy, mul(x, Math.LN2)),
  log10: (dy, x) => div(dy, mul(x, Math.LN10)),
  log1p: (dy, x) => div(dy, add(x, 1)),
  sin: (dy, x) => mul(dy, apply('cos', x)),
  cos: (dy, x) => neg(mul(dy, apply('sin', x))),
  tan: (dy, _x, y) => mul(dy, onePlusSquare(y)),
  asin: (dy, x) => mul(dy, apply('rsqrt', oneMinusSquare(x))),
  acos: (dy, x) => neg(mul(dy, apply('rsqrt', oneMinusSquare(x)))),
  atan: (dy, x) => div(dy, onePlusSquare(x)),
  sinh: (dy, x) => mul(dy, apply('cosh', x)),
  cosh: (dy, x) => mul(dy, apply('sinh', x)),
  tanh: (dy, _x, y) => mul(dy, oneMinusSquare(y)),
  asinh: (dy, x) => mul(dy, apply('rsqrt', onePlusSquare(x))),
  acosh: (dy, x) => mul(dy, apply('rsqrt', sub(square(x), 1))),
  atanh: (dy, x) => div(dy, oneMinusSquare(x)),
  sigmoid: (dy, _x, y) => mul(dy, mul(y, add(neg(y), 1))),
  softplus: (dy, x) => mul(dy, apply('sigmoid', x)),
  erf: (dy, x) => mul(dy, gaussian(x)),
  erfc: (dy, x) => neg(mul(dy, gaussian(x))),
  erfinv: (dy, _x, y) => mul(dy, mul(apply('exp', square(y)), 1 / twoOverRootPi)),
  lgamma: (dy, x) => mul(dy, apply('digamma', x)),
  digamma: (dy, x) => mul(dy, polygammaOf('gradients', 1, x)),
  floor: none,
  ceil: none,
  round: none,
  trunc: none,
  bitwiseNot: none,
  logicalNot: none,
  isnan: none,
  isfinite: none,
  isinf: none,
  normalFromBits: none,
}
