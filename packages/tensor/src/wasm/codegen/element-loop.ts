import type { Code, Local } from '../code.ts'
import type { Body, Place } from './body.ts'

/** How a stretch of elements is gone through. */
export interface ElementLoop {
  readonly body: Body
  /** Cursors that move. */
  readonly cursors: readonly number[]
  /** How many vectors a turn of the main loop takes. */
  readonly copies: number
  /** Writes what is done with the elements of a place. In the loop of single vectors `alone` is true. */
  write(place: Place, alone: boolean): void
  /** Whether pointers shall stand at the end behind it. */
  readonly toEnd: boolean
  /** Writes what moves besides, behind so many vectors. */
  behindLoop?(vectors: number): void
}

/** Goes through the `count` elements at the pointers; the local is used up. */
export function emitElementLoop(
  code: Code,
  count: Local,
  { body, cursors, copies, write, toEnd, behindLoop }: ElementLoop,
): void {
  const vectors = (turns: number): void => {
    const atLeast = 4 * turns
    code.get(count).i32(atLeast).op('i32.ge_u')
    code.if(() =>
      code.loop(again => {
        for (let copy = 0; copy < turns; copy++) {
          write({ copy }, turns === 1)
          body.stepCopy(cursors)
        }
        body.stepLoop(cursors, turns)
        behindLoop?.(turns)
        code.get(count).i32(atLeast).op('i32.sub').tee(count).i32(atLeast).op('i32.ge_u').branchIf(again)
      }),
    )
  }
  if (copies > 1) vectors(copies)
  vectors(1)
  code.get(count).if(() => {
    body.setting.tail.begin(code, count)
    write('tail', true)
    if (toEnd) body.stepTail(cursors)
  })
}
