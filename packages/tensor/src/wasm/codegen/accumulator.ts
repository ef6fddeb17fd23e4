import type { DType } from '../../dtype.ts'
import type { Code, Local } from '../code.ts'

/** A reduction that every lane carries on by itself in some vectors of state. */
export interface Accumulator {
  /** How many vectors the state has. */
  readonly parts: number
  /** Whether the order in which lanes are merged does not show in the result. */
  readonly anyOrder: boolean
  /** Pushes what a part starts as. */
  start(code: Code, part: number): void
  /** Pushes elements that change nothing. */
  neutral(code: Code): void
  /** Takes four elements, whose places among those reduced are `index`. */
  take(code: Code, state: readonly Local[], x: Local, index: Local | null): void
  /** Takes what another state has taken. */
  merge(code: Code, state: readonly Local[], other: readonly Local[]): void
  /** Merges the lanes, of which the first is of interest then. */
  fold(code: Code, state: readonly Local[]): void
  /** The results of the lanes. */
  finish(code: Code, state: readonly Local[], dtype: DType, out: Local): void
}

/** Swaps the halves of a vector, then the lanes of its halves. */
const partners = [
  [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7],
  [4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11],
]

/** Merges the lanes of a state of 32-bit lanes into each of them. */
export function foldLanes(
  code: Code,
  state: readonly Local[],
  merge: (code: Code, state: readonly Local[], other: readonly Local[]) => void,
): void {
  const others = (at: number, taken: readonly Local[], use: (locals: readonly Local[]) => void): void => {
    if (at === state.length) use(taken)
    else code.temporary('v128', local => others(at + 1, [...taken, local], use))
  }
  others(0, [], swapped => {
    for (const order of partners) {
      for (const [p, part] of state.entries()) code.get(part).get(part).shuffle(order).set(swapped[p])
      merge(code, state, swapped)
    }
  })
}
