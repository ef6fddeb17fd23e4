import type { Operation } from '../opcodes.ts'
import type { BinaryEmitter, BinaryEmitters } from './emitters.ts'
import { temporaries } from './temporaries.ts'

const single =
  (operation: Operation): BinaryEmitter =>
  (code, a, b, out) =>
    code.get(a).get(b).op(operation).set(out)

/*
 * A pseudo-minimum is one instruction where the one of WebAssembly is seven, but it answers with its first operand if
 * one is NaN or if both are zeros. Taking both orders, two equal answers are right, two zeros of unlike sign have to
 * become the right one, and a number with NaN has to become NaN: all ones in the exponent win with `or`.
 */

const minimum: BinaryEmitter = (code, a, b, out) =>
  code.get(a).get(b).op('f32x4.pmin').get(b).get(a).op('f32x4.pmin').op('v128.or').set(out)

/** Where signs of zeros differ, `or` gives -0, from which the other bits, -0 as well, are subtracted. */
const maximum: BinaryEmitter = (code, a, b, out) =>
  temporaries(code, (first, second) => {
    code.get(a).get(b).op('f32x4.pmax').tee(first).get(b).get(a).op('f32x4.pmax').tee(second).op('v128.or')
    code.get(first).get(second).op('v128.xor').op('f32x4.sub').set(out)
  })

/** The extreme of two operands where both are numbers, the one that is a number otherwise. */
const ignoringNaN =
  (operation: 'f32x4.max' | 'f32x4.min'): BinaryEmitter =>
  (code, a, b, out) =>
    temporaries(code, chosen => {
      code.get(a).get(a).get(b).op(operation).get(b).get(b).op('f32x4.ne').op('v128.bitselect').set(chosen)
      code.get(b).get(chosen).get(a).get(a).op('f32x4.ne').op('v128.bitselect').set(out)
    })

const logical =
  (operation: Operation): BinaryEmitter =>
  (code, a, b, out) => {
    code.get(a).get(code.floats(0)).op('f32x4.ne')
    code.get(b).get(code.floats(0)).op('f32x4.ne').op(operation).set(out)
  }

/** Functions of two floats that take an instruction or a few. */
export const floatBinary = {
  add: single('f32x4.add'),
  sub: single('f32x4.sub'),
  mul: single('f32x4.mul'),
  div: single('f32x4.div'),
  maximum,
  minimum,
  fmax: ignoringNaN('f32x4.max'),
  fmin: ignoringNaN('f32x4.min'),
  equal: single('f32x4.eq'),
  notEqual: single('f32x4.ne'),
  less: single('f32x4.lt'),
  lessEqual: single('f32x4.le'),
  greater: single('f32x4.gt'),
  greaterEqual: single('f32x4.ge'),
  logicalAnd: logical('v128.and'),
  logicalOr: logical('v128.or'),
  logicalXor: logical('v128.xor'),
} satisfies BinaryEmitters
