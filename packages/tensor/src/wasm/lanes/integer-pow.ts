import type { DType } from '../../dtype.ts'
import type { BinaryEmitter } from './emitters.ts'
import { temporaries } from './temporaries.ts'
import { wrap } from './wrap.ts'

/** Powers by squaring, modulo 2^32; of a negative exponent only 1 and -1 leave something. */
export const integerPow =
  (dtype: DType): BinaryEmitter =>
  (code, a, b, out) =>
    temporaries(code, (base, rest, power) => {
      const one = code.ints(1)
      const zero = code.ints(0)
      code.get(one).set(power).get(a).set(base)
      code.get(b).get(zero).op('i32x4.max_s').set(rest)
      code.block(end => {
        code.loop(start => {
          code.get(rest).op('v128.any_true').op('i32.eqz').branchIf(end)
          code.get(power).get(base).op('i32x4.mul').get(power)
          code.get(rest).get(one).op('v128.and').get(zero).op('i32x4.ne').op('v128.bitselect').set(power)
          code.get(base).get(base).op('i32x4.mul').set(base)
          code.get(rest).i32(1).op('i32x4.shr_u').set(rest).branch(start)
        })
      })
      code.get(a).get(one).op('i32x4.eq').get(one).op('v128.and')
      code.get(a).get(code.ints(-1)).op('i32x4.eq')
      code.get(b).get(one).op('v128.and').op('i32x4.neg').get(one).op('v128.or').op('v128.and').op('v128.or')
      code.get(power).get(b).get(zero).op('i32x4.lt_s').op('v128.bitselect')
      wrap(code, dtype).set(out)
    })
