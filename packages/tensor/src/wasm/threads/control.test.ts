import { describe, expect, it } from 'vitest'
import {
  createControl,
  failed,
  failureOf,
  gate,
  gateBit,
  helperAt,
  helperWord,
  maximumHelpers,
  word,
} from './control.ts'

describe('control block', () => {
  it('has a bit of its own in the gate for each helper, all positive', () => {
    const bits = Array.from({ length: maximumHelpers }, (_, helper) => gateBit(helper))
    const all = [gate.open, gate.callerSleeps, ...bits]
    expect(new Set(all).size).toBe(maximumHelpers + 2)
    expect(all.every(bit => bit > 0 && Number.isInteger(Math.log2(bit)))).toBe(true)
  })

  it('keeps what several threads write in lines of their own', () => {
    const hot = [word.epoch, word.sleepers, word.gate, word.next, word.kernel, word.loaded, word.failures, helperAt(0)]
    for (let i = 1; i < hot.length; i++) expect((hot[i] - hot[i - 1]) * 4).toBeGreaterThanOrEqual(128)
    expect(createControl(3)).toHaveLength(helperAt(3))
  })

  it('tells what a helper left when it failed', () => {
    const control = createControl(2)
    expect(failureOf(control, 1)).toBeNull()
    const at = helperAt(1)
    control.set([3, 0x42, 0x61, 0x64], at + helperWord.messageLength)
    control[at + helperWord.failed] = failed.idle
    expect(failureOf(control, 1)).toEqual({ cause: new Error('Bad'), inCommand: false })
    control[at + helperWord.failed] = failed.inCommand
    expect(failureOf(control, 1)?.inCommand).toBe(true)
    expect(failureOf(control, 0)).toBeNull()
  })
})
