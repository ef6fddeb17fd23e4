import type { Operation } from '../opcodes.ts'
import type { UnaryEmitter, UnaryEmitters } from './emitters.ts'

const single =
  (operation: Operation): UnaryEmitter =>
  (code, x, out) =>
    code.get(x).op(operation).set(out)

const sign: UnaryEmitter = (code, x, out) => {
  code.get(x).get(code.ints(0x80000000)).op('v128.and').get(code.floats(1)).op('v128.or').get(x)
  // NaN and both zeros have no other sign than themselves.
  code.get(x).op('f32x4.abs').get(code.floats(0)).op('f32x4.gt').op('v128.bitselect').set(out)
}

const reciprocal: UnaryEmitter = (code, x, out) => code.get(code.floats(1)).get(x).op('f32x4.div').set(out)

const rsqrt: UnaryEmitter = (code, x, out) => code.get(code.floats(1)).get(x).op('f32x4.sqrt').op('f32x4.div').set(out)

const comparedWithInfinity =
  (comparison: 'f32x4.eq' | 'f32x4.lt'): UnaryEmitter =>
  (code, x, out) =>
    code.get(x).op('f32x4.abs').get(code.floats(Number.POSITIVE_INFINITY)).op(comparison).set(out)

/** Functions of floats that take an instruction or a few. */
export const floatUnary = {
  neg: single('f32x4.neg'),
  abs: single('f32x4.abs'),
  sign,
  sqrt: single('f32x4.sqrt'),
  rsqrt,
  reciprocal,
  floor: single('f32x4.floor'),
  ceil: single('f32x4.ceil'),
  round: single('f32x4.nearest'),
  trunc: single('f32x4.trunc'),
  logicalNot: (code, x, out) => code.get(x).get(code.floats(0)).op('f32x4.eq').set(out),
  isnan: (code, x, out) => code.get(x).get(x).op('f32x4.ne').set(out),
  isfinite: comparedWithInfinity('f32x4.lt'),
  isinf: comparedWithInfinity('f32x4.eq'),
} satisfies UnaryEmitters
