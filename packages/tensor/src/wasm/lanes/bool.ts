import type { Operation } from '../opcodes.ts'
import type { BinaryEmitter, BinaryEmitters, UnaryEmitter, UnaryEmitters } from './emitters.ts'

const single =
  (operation: Operation): BinaryEmitter =>
  (code, a, b, out) =>
    code.get(a).get(b).op(operation).set(out)

const not: UnaryEmitter = (code, x, out) => code.get(x).op('v128.not').set(out)

/** The first operand and not the second. */
const except: BinaryEmitter = (code, a, b, out) => code.get(a).get(b).op('v128.andnot').set(out)
const orNot: BinaryEmitter = (code, a, b, out) => code.get(a).get(b).op('v128.not').op('v128.or').set(out)

/** Functions of masks. */
export const boolUnary = {
  logicalNot: not,
  bitwiseNot: not,
} satisfies UnaryEmitters

/** Functions of two masks; false is less than true. */
export const boolBinary = {
  add: single('v128.or'),
  mul: single('v128.and'),
  maximum: single('v128.or'),
  minimum: single('v128.and'),
  fmax: single('v128.or'),
  fmin: single('v128.and'),
  bitwiseAnd: single('v128.and'),
  bitwiseOr: single('v128.or'),
  bitwiseXor: single('v128.xor'),
  equal: single('i32x4.eq'),
  notEqual: single('v128.xor'),
  less: (code, a, b, out) => except(code, b, a, out),
  lessEqual: (code, a, b, out) => orNot(code, b, a, out),
  greater: except,
  greaterEqual: orNot,
  logicalAnd: single('v128.and'),
  logicalOr: single('v128.or'),
  logicalXor: single('v128.xor'),
} satisfies BinaryEmitters
