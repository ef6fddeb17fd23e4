import { expect } from 'vitest'
import type { GroupBuilder } from './group-builder.ts'
import { interpret, type Slot } from './interpret.ts'
import { runGroup } from './run-group.ts'

/** How results are compared. */
export interface AgreementOptions {
  /** Largest difference, relative to the wanted value or to 1. Default: 0, which tells -0 from 0 too */
  readonly tolerance?: number
  /** Units a call, one run for each. Default: all at once, 1 and 3 */
  readonly cuts?: readonly (number | undefined)[]
  readonly slots?: readonly Slot[]
  readonly inPlace?: Readonly<Record<number, number>>
}

/** Generated code gives what the interpreter gives, and the same bits however its units are cut. */
export function expectAgreement(builder: GroupBuilder, options: AgreementOptions = {}): void {
  const { tolerance = 0, cuts = [undefined, 1, 3], slots = [], inPlace = {} } = options
  const group = builder.build()
  const wanted = interpret(group, builder.data, slots)
  for (const relaxed of [false, true]) {
    const [first, ...others] = cuts.map(cut => runGroup(group, builder.data, { cut, slots, relaxed, inPlace }))
    for (const other of others) expect(other.buffers).toEqual(first.buffers)
    expect(first.status).toEqual(wanted.status)
    for (const { buffer } of group.stores) {
      const [got, want] = [first.buffers[buffer], wanted.buffers[buffer]]
      const wrong = want.findIndex(
        (x, i) => !Object.is(got[i], x) && !(Math.abs(got[i] - x) <= tolerance * Math.max(1, Math.abs(x))),
      )
      if (wrong >= 0) expect([buffer, wrong, got[wrong]]).toEqual([buffer, wrong, want[wrong]])
    }
  }
}
