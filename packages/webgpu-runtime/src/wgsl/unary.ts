import { SurprisalError } from '@surprisal/tensor'
import { type DType, isFloat, type UnaryName } from '@surprisal/tensor/backend'

type Emit = (x: string) => string

const call =
  (name: string): Emit =>
  x =>
    `${name}(${x})`
const same: Emit = x => x

const floats: Partial<Record<UnaryName, Emit>> = {
  neg: x => `-${x}`,
  abs: call('abs'),
  sign: call('signOf'),
  sqrt: call('sqrtOf'),
  rsqrt: call('rsqrtOf'),
  reciprocal: x => `(1.0 / ${x})`,
  exp: call('expOf'),
  exp2: call('exp2Of'),
  expm1: call('expm1Of'),
  log: call('logOf'),
  log2: call('log2Of'),
  log10: call('log10Of'),
  log1p: call('log1pOf'),
  sin: call('sinOf'),
  cos: call('cosOf'),
  tan: call('tanOf'),
  asin: call('asinOf'),
  acos: call('acosOf'),
  atan: call('atanOf'),
  sinh: call('sinhOf'),
  cosh: call('coshOf'),
  tanh: call('tanhOf'),
  asinh: call('asinhOf'),
  acosh: call('acoshOf'),
  atanh: call('atanhOf'),
  sigmoid: call('sigmoidOf'),
  softplus: call('softplusOf'),
  erf: call('erfOf'),
  erfc: call('erfcOf'),
  erfinv: call('erfinvOf'),
  lgamma: call('lgammaOf'),
  digamma: call('digammaOf'),
  floor: call('floor'),
  ceil: call('ceil'),
  round: call('round'),
  trunc: call('trunc'),
  logicalNot: x => `!isTrue(${x})`,
  isnan: call('isNan'),
  isfinite: call('isFinite'),
  isinf: call('isInf'),
}

const integers: Partial<Record<UnaryName, Emit>> = {
  neg: x => `-${x}`,
  abs: call('abs'),
  sign: call('sign'),
  floor: same,
  ceil: same,
  round: same,
  trunc: same,
  bitwiseNot: x => `~${x}`,
  logicalNot: x => `(${x} == 0)`,
  isnan: () => 'false',
  isfinite: () => 'true',
  isinf: () => 'false',
  normalFromBits: call('normalFromBits'),
}

const bools: Partial<Record<UnaryName, Emit>> = {
  floor: same,
  ceil: same,
  round: same,
  trunc: same,
  bitwiseNot: x => `!${x}`,
  logicalNot: x => `!${x}`,
  isnan: () => 'false',
  isfinite: () => 'true',
  isinf: () => 'false',
}

const tableFor = (dtype: DType) => (isFloat(dtype) ? floats : dtype === 'bool' ? bools : integers)

/** Whether there is code for a function of an operand of `dtype`. */
export const hasUnary = (f: UnaryName, dtype: DType): boolean => f in tableFor(dtype)

/**
 * A function of a variable `x` of `dtype`: an expression of f32, i32 or bool. Results for float16 are not rounded,
 * those of 8 bits not wrapped.
 * @throws {SurprisalError} `argument` for a function without code
 */
export function unaryExpression(f: UnaryName, dtype: DType, x: string): string {
  const emit = tableFor(dtype)[f]
  if (!emit) throw new SurprisalError('argument', `unaryExpression: there is no code for ${f} of ${dtype}`)
  return emit(x)
}
