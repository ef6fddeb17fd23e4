import { SurprisalError } from '@surprisal/tensor'
import { type BinaryName, type DType, isFloat } from '@surprisal/tensor/backend'

type Emit = (a: string, b: string) => string
type Table = Partial<Record<BinaryName, Emit>>

const infix =
  (operator: string): Emit =>
  (a, b) =>
    `(${a} ${operator} ${b})`
const call =
  (name: string): Emit =>
  (a, b) =>
    `${name}(${a}, ${b})`
/** A comparison that is false for NaN, whatever the compiler makes of it. */
const compare =
  (operator: string): Emit =>
  (a, b) =>
    `(ordered(${a}, ${b}) && ${a} ${operator} ${b})`

const floats: Table = {
  add: infix('+'),
  sub: infix('-'),
  mul: infix('*'),
  div: infix('/'),
  floorDivide: call('floorDivideOf'),
  remainder: call('remainderOf'),
  fmod: call('fmodOf'),
  pow: call('powOf'),
  atan2: call('atan2Of'),
  hypot: call('hypotOf'),
  logaddexp: call('logaddexpOf'),
  maximum: call('maxOf'),
  minimum: call('minOf'),
  fmax: call('fmaxOf'),
  fmin: call('fminOf'),
  equal: compare('=='),
  notEqual: (a, b) => `(!ordered(${a}, ${b}) || ${a} != ${b})`,
  less: compare('<'),
  lessEqual: compare('<='),
  greater: compare('>'),
  greaterEqual: compare('>='),
  logicalAnd: (a, b) => `(isTrue(${a}) && isTrue(${b}))`,
  logicalOr: (a, b) => `(isTrue(${a}) || isTrue(${b}))`,
  logicalXor: (a, b) => `(isTrue(${a}) != isTrue(${b}))`,
}

const integers: Table = {
  add: infix('+'),
  sub: infix('-'),
  mul: infix('*'),
  floorDivide: call('intFloorDivide'),
  remainder: call('intRemainder'),
  fmod: call('intFmod'),
  pow: call('intPow'),
  maximum: call('max'),
  minimum: call('min'),
  fmax: call('max'),
  fmin: call('min'),
  bitwiseAnd: infix('&'),
  bitwiseOr: infix('|'),
  bitwiseXor: infix('^'),
  shiftLeft: call('intShiftLeft'),
  shiftRight: call('intShiftRight'),
  equal: infix('=='),
  notEqual: infix('!='),
  less: infix('<'),
  lessEqual: infix('<='),
  greater: infix('>'),
  greaterEqual: infix('>='),
  logicalAnd: (a, b) => `(${a} != 0 && ${b} != 0)`,
  logicalOr: (a, b) => `(${a} != 0 || ${b} != 0)`,
  logicalXor: (a, b) => `((${a} != 0) != (${b} != 0))`,
}

const or = infix('||')
const and = infix('&&')
const differ = infix('!=')
const bools: Table = {
  add: or,
  mul: and,
  maximum: or,
  minimum: and,
  fmax: or,
  fmin: and,
  bitwiseAnd: and,
  bitwiseOr: or,
  bitwiseXor: differ,
  equal: infix('=='),
  notEqual: differ,
  less: (a, b) => `(!${a} && ${b})`,
  lessEqual: (a, b) => `(!${a} || ${b})`,
  greater: (a, b) => `(${a} && !${b})`,
  greaterEqual: (a, b) => `(${a} || !${b})`,
  logicalAnd: and,
  logicalOr: or,
  logicalXor: differ,
}

const tableFor = (dtype: DType): Table => (isFloat(dtype) ? floats : dtype === 'bool' ? bools : integers)

/** Whether there is code for a function of operands of `dtype`. */
export const hasBinary = (f: BinaryName, dtype: DType): boolean => f in tableFor(dtype)

/**
 * A function of two variables of `dtype`: an expression of f32, i32 or bool. Results for float16 are not rounded,
 * those of 8 bits not wrapped.
 * @throws {SurprisalError} `argument` for a function without code
 */
export function binaryExpression(f: BinaryName, dtype: DType, a: string, b: string): string {
  const emit = tableFor(dtype)[f]
  if (!emit) throw new SurprisalError('argument', `binaryExpression: there is no code for ${f} of ${dtype}`)
  return emit(a, b)
}
