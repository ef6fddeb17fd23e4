import type { Code, Local } from '../code.ts'
import type { Frame } from './frame.ts'

/** The one to three elements that are left behind the last four. */
export class Tail {
  /** How many there are. */
  readonly count: Local
  /** The lanes that have one. */
  readonly mask: Local
  readonly #ramp: Local

  constructor(frame: Frame) {
    this.count = frame.code.local('i32')
    this.mask = frame.code.local('v128')
    this.#ramp = frame.ramp
  }

  /** Sets both from `count`. */
  begin(code: Code, count: Local): void {
    code.get(this.#ramp).get(count).tee(this.count).op('i32x4.splat').op('i32x4.lt_s').set(this.mask)
  }
}
