import type { DType } from '../../dtype.ts'
import type { Operation } from '../opcodes.ts'
import type { BinaryEmitter, BinaryEmitters, UnaryEmitter, UnaryEmitters } from './emitters.ts'
import { integerFloorDivide, integerRemainder } from './integer-division.ts'
import { integerPow } from './integer-pow.ts'
import { shiftLeft, shiftRight } from './integer-shift.ts'
import { wrap } from './wrap.ts'

const single =
  (operation: Operation): BinaryEmitter =>
  (code, a, b, out) =>
    code.get(a).get(b).op(operation).set(out)

const wrapped =
  (operation: Operation, dtype: DType): BinaryEmitter =>
  (code, a, b, out) => {
    code.get(a).get(b).op(operation)
    wrap(code, dtype).set(out)
  }

const wrappedUnary =
  (operation: Operation, dtype: DType): UnaryEmitter =>
  (code, x, out) => {
    code.get(x).op(operation)
    wrap(code, dtype).set(out)
  }

const logical =
  (operation: Operation): BinaryEmitter =>
  (code, a, b, out) => {
    code.get(a).get(code.ints(0)).op('i32x4.ne')
    code.get(b).get(code.ints(0)).op('i32x4.ne').op(operation).set(out)
  }

/** -1, 0 or 1. */
const sign: UnaryEmitter = (code, x, out) =>
  code.get(x).get(code.ints(-1)).op('i32x4.max_s').get(code.ints(1)).op('i32x4.min_s').set(out)

/** Functions of integers, which lie in lanes wrapped to their dtype. */
export const integerUnary = (dtype: DType) =>
  ({
    neg: wrappedUnary('i32x4.neg', dtype),
    abs: wrappedUnary('i32x4.abs', dtype),
    sign,
    bitwiseNot: wrappedUnary('v128.not', dtype),
    logicalNot: (code, x, out) => code.get(x).get(code.ints(0)).op('i32x4.eq').set(out),
  }) satisfies UnaryEmitters

/** Functions of two integers of one dtype. */
export const integerBinary = (dtype: DType) =>
  ({
    add: wrapped('i32x4.add', dtype),
    sub: wrapped('i32x4.sub', dtype),
    mul: wrapped('i32x4.mul', dtype),
    floorDivide: integerFloorDivide(dtype),
    remainder: integerRemainder('f64x2.floor'),
    fmod: integerRemainder('f64x2.trunc'),
    pow: integerPow(dtype),
    maximum: single('i32x4.max_s'),
    minimum: single('i32x4.min_s'),
    fmax: single('i32x4.max_s'),
    fmin: single('i32x4.min_s'),
    bitwiseAnd: single('v128.and'),
    bitwiseOr: single('v128.or'),
    bitwiseXor: single('v128.xor'),
    shiftLeft: shiftLeft(dtype),
    shiftRight,
    equal: single('i32x4.eq'),
    notEqual: single('i32x4.ne'),
    less: single('i32x4.lt_s'),
    lessEqual: single('i32x4.le_s'),
    greater: single('i32x4.gt_s'),
    greaterEqual: single('i32x4.ge_s'),
    logicalAnd: logical('v128.and'),
    logicalOr: logical('v128.or'),
    logicalXor: logical('v128.xor'),
  }) satisfies BinaryEmitters
