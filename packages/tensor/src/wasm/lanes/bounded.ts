import type { Code, Local } from '../code.ts'

/** The functions that a bound which is the same for many elements makes cheaper. */
export type Extreme = 'maximum' | 'minimum'

/**
 * Sets `out` to what {@link emitBounded} needs beside a bound: NaN for NaN, and otherwise what changes no result but a
 * zero that should have the other sign. `out` must not be `bound`.
 */
export function prepareBound(code: Code, f: Extreme, bound: Local, out: Local): void {
  const neutral = code.floats(f === 'maximum' ? -0 : 0)
  code.get(bound).get(neutral).get(bound).get(neutral).op('f32x4.eq').op('v128.bitselect')
  code.get(bound).get(bound).op('f32x4.ne').op('v128.or').set(out)
}

/**
 * The extreme of four floats and a bound, in two instructions: the pseudo-extreme answers with `x` if one of both is
 * NaN or if both are zeros. Then `x + 0` is 0 for both zeros, `x + -0` is x; or with the bits of -0 is -0.
 *
 * @param prepared from {@link prepareBound}
 */
export function emitBounded(code: Code, f: Extreme, x: Local, bound: Local, prepared: Local, out: Local): void {
  code.get(x).get(bound)
  if (f === 'maximum') code.op('f32x4.pmax').get(prepared).op('f32x4.add').set(out)
  else code.op('f32x4.pmin').get(prepared).op('v128.or').set(out)
}
