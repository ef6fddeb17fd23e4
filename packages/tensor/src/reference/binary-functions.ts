import { type DType, isFloat } from '../dtype.ts'
import type { BinaryName } from '../graph/node.ts'

/** A function of two float64 numbers. */
export type BinaryFunction = (a: number, b: number) => number

/** `a` modulo `b` with the divisor's sign. */
function remainder(a: number, b: number): number {
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 !== b < 0 ? rest + b : rest
}

/** IEEE 754 power: unlike `**`, 1 to any power and -1 to an infinite one are 1. */
function pow(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b
}

function hypot(a: number, b: number): number {
  const infinite = Math.abs(a) === Number.POSITIVE_INFINITY || Math.abs(b) === Number.POSITIVE_INFINITY
  return infinite ? Number.POSITIVE_INFINITY : Math.sqrt(a * a + b * b)
}

/** `log(exp(a) + exp(b))`; equal operands, infinite ones too, need no difference. */
export function logaddexp(a: number, b: number): number {
  return a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))
}

const floats: Readonly<Record<BinaryName, BinaryFunction>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  floorDivide: (a, b) => Math.floor(a / b),
  remainder,
  fmod: (a, b) => a % b,
  pow,
  atan2: Math.atan2,
  hypot,
  logaddexp,
  maximum: Math.max,
  minimum: Math.min,
  fmax: (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b)),
  fmin: (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b)),
  bitwiseAnd: (a, b) => a & b,
  bitwiseOr: (a, b) => a | b,
  bitwiseXor: (a, b) => a ^ b,
  shiftLeft: (a, b) => (b >>> 0 < 32 ? a << b : 0),
  shiftRight: (a, b) => a >> Math.min(b >>> 0, 31),
  equal: (a, b) => Number(a === b),
  notEqual: (a, b) => Number(a !== b),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
  greater: (a, b) => Number(a > b),
  greaterEqual: (a, b) => Number(a >= b),
  logicalAnd: (a, b) => Number(a !== 0 && b !== 0),
  logicalOr: (a, b) => Number(a !== 0 || b !== 0),
  logicalXor: (a, b) => Number((a !== 0) !== (b !== 0)),
}

/** Integer power modulo 2^32; a negative exponent leaves only 1 and -1. */
function integerPow(a: number, b: number): number {
  if (b < 0) return a === 1 ? 1 : a === -1 ? (b % 2 === 0 ? 1 : -1) : 0
  let result = 1
  for (let base = a, rest = b; rest > 0; rest >>= 1) {
    if (rest & 1) result = Math.imul(result, base)
    base = Math.imul(base, base)
  }
  return result
}

/** Where integers differ: results are exact modulo 2^32 and wrap to the dtype when they are stored. */
const integers: Partial<Record<BinaryName, BinaryFunction>> = {
  mul: Math.imul,
  floorDivide: (a, b) => (b === 0 ? 0 : Math.floor(a / b)),
  remainder: (a, b) => (b === 0 ? 0 : remainder(a, b)),
  fmod: (a, b) => (b === 0 ? 0 : a % b),
  pow: integerPow,
}

const bools: Partial<Record<BinaryName, BinaryFunction>> = {
  add: (a, b) => a | b,
  mul: (a, b) => a & b,
}

/** The function of a binary primitive for operands of `dtype`. */
export function binaryFunction(f: BinaryName, dtype: DType): BinaryFunction {
  if (isFloat(dtype)) return floats[f]
  return (dtype === 'bool' ? bools[f] : integers[f]) ?? floats[f]
}
