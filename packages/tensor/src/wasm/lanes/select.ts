import type { Code, Local } from '../code.ts'

/** The lanes of `a` where the mask `condition` is set, those of `b` elsewhere. */
export function emitSelect(code: Code, condition: Local, a: Local, b: Local, out: Local): void {
  code.get(a).get(b).get(condition).op('v128.bitselect').set(out)
}
