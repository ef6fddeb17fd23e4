import type { Instruction } from '../../fusion/group.ts'
import type { BinaryName, UnaryName } from '../../graph/node.ts'

/** What an element of a function costs, where it is not as cheap as an addition. */
const functions: Partial<Record<UnaryName | BinaryName, number>> = {
  sqrt: 3,
  rsqrt: 4,
  reciprocal: 3,
  div: 3,
  floorDivide: 6,
  maximum: 3,
  minimum: 3,
  fmax: 4,
  fmin: 4,
  exp: 8,
  exp2: 16,
  expm1: 12,
  log: 12,
  log2: 20,
  log10: 20,
  log1p: 14,
  sin: 14,
  cos: 14,
  tanh: 9,
  sigmoid: 11,
  softplus: 24,
  erf: 14,
  erfc: 14,
  remainder: 60,
  fmod: 60,
  pow: 40,
  atan2: 100,
  hypot: 12,
  logaddexp: 40,
  tan: 100,
  asin: 100,
  acos: 100,
  atan: 100,
  sinh: 100,
  cosh: 100,
  asinh: 100,
  acosh: 100,
  atanh: 100,
  normalFromBits: 40,
}

/** Nanoseconds of one unit of weight an element. */
export const nanosecondsPerWeight = 0.04

/** From this weight on a value is kept rather than computed again, and loops are unrolled for sums only. */
export const heavy = 8

/** Above this weight several copies of the code are too long. */
export const heaviest = 64

/** Rough cost of an instruction for one element, in additions. */
export function weightOf(instruction: Instruction): number {
  switch (instruction.kind) {
    case 'unary':
    case 'binary':
      return functions[instruction.f] ?? 1
    case 'lookup':
      return 8
    case 'random':
      return 24
    case 'iota':
      return instruction.plain ? 1 : 4
    case 'constant':
    case 'scalar':
      return 0
    default:
      return 1
  }
}

export const totalWeight = (instructions: readonly Instruction[]): number =>
  instructions.reduce((sum, instruction) => sum + weightOf(instruction), 0)
