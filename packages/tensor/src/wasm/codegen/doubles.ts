import type { DType } from '../../dtype.ts'
import type { Code, Local } from '../code.ts'
import { emitCast } from '../lanes/index.ts'

/**
 * Rounds two float64 lanes to halves, ties to even: a power of two 2^42 times the leading bit, or that of the least
 * normal half, is added and subtracted. Magnitudes from 65520 on become 65536.
 */
function roundDoublesToHalves(code: Code, x: Local): void {
  code.temporary('v128', unit => {
    code.get(x).f64(65536).op('f64x2.splat').op('f64x2.pmin').f64(-65536).op('f64x2.splat').op('f64x2.pmax').tee(x)
    code
      .op('f64x2.abs')
      .f64(2 ** -14)
      .op('f64x2.splat')
      .op('f64x2.pmax')
    code
      .i64(0x7ff0n << 48n)
      .op('i64x2.splat')
      .op('v128.and')
    code
      .f64(1.5 * 2 ** 42)
      .op('f64x2.splat')
      .op('f64x2.mul')
      .set(unit)
    code.get(x).get(unit).op('f64x2.add').get(unit).op('f64x2.sub').set(x)
  })
}

/** Rounds two pairs of float64 lanes once to four lanes of a dtype. */
export function narrowDoubles(code: Code, dtype: DType, low: Local, high: Local, out: Local): void {
  const integer = dtype !== 'float32' && dtype !== 'float16'
  if (dtype === 'float16') for (const half of [low, high]) roundDoublesToHalves(code, half)
  const narrow = integer ? 'i32x4.trunc_sat_f64x2_s_zero' : 'f32x4.demote_f64x2_zero'
  code.get(low).op(narrow).get(high).op(narrow)
  code.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]).set(out)
  if (dtype !== 'float32') emitCast(code, integer ? 'int32' : 'float32', dtype, out, out)
}
