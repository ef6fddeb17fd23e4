import type { DType } from '../../dtype.ts'
import type { Code, Local } from '../code.ts'
import type { BinaryEmitter } from './emitters.ts'
import { temporaries } from './temporaries.ts'
import { wrap } from './wrap.ts'

/** Shifts lanes by counts modulo 32: together where all counts are equal, one by one otherwise. */
function shift(code: Code, direction: 'shl' | 'shr_s', a: Local, counts: Local, out: Local): void {
  code.temporary('i32', count => {
    code.get(counts).lane('i32x4.extract_lane', 0).tee(count).op('i32x4.splat')
    code.get(counts).op('i32x4.eq').op('i32x4.all_true')
    code.if(
      () => code.get(a).get(count).op(`i32x4.${direction}`).set(out),
      () =>
        temporaries(code, shifted => {
          for (const lane of [0, 1, 2, 3]) {
            code.get(lane === 0 ? a : shifted)
            code.get(a).lane('i32x4.extract_lane', lane).get(counts).lane('i32x4.extract_lane', lane)
            code.op(`i32.${direction}`).lane('i32x4.replace_lane', lane).set(shifted)
          }
          code.get(shifted).set(out)
        }),
    )
  })
}

/** `a * 2^b` modulo 2^32; counts are unsigned, and from 32 on leave nothing. */
export const shiftLeft =
  (dtype: DType): BinaryEmitter =>
  (code, a, b, out) =>
    temporaries(code, within => {
      code.get(b).get(code.ints(32)).op('i32x4.lt_u').set(within)
      shift(code, 'shl', a, b, out)
      code.get(out).get(within).op('v128.and')
      wrap(code, dtype).set(out)
    })

/** `a / 2^b` rounded down; counts are unsigned, and from 32 on leave the sign. */
export const shiftRight: BinaryEmitter = (code, a, b, out) =>
  temporaries(code, counts => {
    code.get(b).get(code.ints(31)).op('i32x4.min_u').set(counts)
    shift(code, 'shr_s', a, counts, out)
  })
