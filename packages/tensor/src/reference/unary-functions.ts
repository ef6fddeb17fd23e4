import { erf, erfc } from '../error-function.ts'
import type { UnaryName } from '../graph/node.ts'
import { specialFunctions } from './special-functions.ts'

/** A function of float64 numbers. */
export type UnaryFunction = (x: number) => number

/** Adding and subtracting it rounds a float64 below 2^51 to an integer, ties to even. */
const roundingUnit = 1.5 * 2 ** 52

function roundHalfEven(x: number): number {
  if (!(Math.abs(x) < 2 ** 51)) return x
  const whole = x + roundingUnit - roundingUnit
  return whole === 0 ? x * 0 : whole
}

/** `1 / (1 + exp(-x))`. */
export const sigmoid: UnaryFunction = x => 1 / (1 + Math.exp(-x))

/** `log(1 + exp(x))` that neither overflows nor loses small results. */
export const softplus: UnaryFunction = x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

/** What each unary primitive does in float64; integer results wrap when they are stored. */
export const unaryFunctions: Readonly<Record<UnaryName, UnaryFunction>> = {
  neg: x => -x,
  abs: Math.abs,
  sign: Math.sign,
  sqrt: Math.sqrt,
  rsqrt: x => 1 / Math.sqrt(x),
  reciprocal: x => 1 / x,
  exp: Math.exp,
  exp2: x => 2 ** x,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  sigmoid,
  softplus,
  erf,
  erfc,
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundHalfEven,
  trunc: Math.trunc,
  bitwiseNot: x => ~x,
  logicalNot: x => Number(x === 0),
  isnan: x => Number(Number.isNaN(x)),
  isfinite: x => Number(Number.isFinite(x)),
  isinf: x => Number(Math.abs(x) === Number.POSITIVE_INFINITY),
  ...specialFunctions,
}

/** The function of a unary primitive for operands of `dtype`. */
export function unaryFunction(f: UnaryName, dtype: string): UnaryFunction {
  return f === 'bitwiseNot' && dtype === 'bool' ? x => x ^ 1 : unaryFunctions[f]
}
