import { describe, expect, it } from 'vitest'
import { createControl, helperAt, helperWord, word } from './control.ts'
import { ModuleLog } from './module-log.ts'

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill)

const alive = (...helpers: number[]) => new Map(helpers.map(helper => [helper, null]))

/** What a helper reads at `offset`. */
function read(log: ModuleLog, offset: number): number[] {
  const length = new DataView(log.buffer).getUint32(offset, true)
  return [...new Uint8Array(log.buffer, offset + 8, length)]
}

describe('ModuleLog', () => {
  it('writes modules one after the other, at multiples of 8', () => {
    const control = createControl(1)
    const log = new ModuleLog(control, 64)
    expect(log.flush(alive(0))).toBe(false)
    log.add(bytes(3, 7))
    log.add(bytes(9, 8))
    expect(log.flush(alive(0))).toBe(true)
    expect(control[word.loaded]).toBe(2)
    expect(read(log, 0)).toEqual([7, 7, 7])
    expect(read(log, 16)).toEqual(Array(9).fill(8))
  })

  it('waits for every helper before it starts again from the front', () => {
    const control = createControl(3)
    const log = new ModuleLog(control, 32)
    for (const fill of [1, 2, 3]) log.add(bytes(5, fill))
    expect(log.flush(alive(0, 2))).toBe(true)
    expect(control[word.loaded]).toBe(2)
    control[helperAt(0) + helperWord.seen] = 2
    expect(log.flush(alive(0, 2))).toBe(false)
    expect(read(log, 0)).toEqual(Array(5).fill(1))
    control[helperAt(2) + helperWord.seen] = 2
    expect(log.flush(alive(0, 2))).toBe(true)
    expect([control[word.loaded], control[word.base]]).toEqual([3, 2])
    expect(read(log, 0)).toEqual(Array(5).fill(3))
  })

  it('waits again in the same flush once it has started from the front', () => {
    const control = createControl(1)
    const log = new ModuleLog(control, 32)
    for (const fill of [1, 2]) log.add(bytes(20, fill))
    log.flush(alive(0))
    control[helperAt(0) + helperWord.seen] = 1
    log.add(bytes(20, 3))
    expect(log.flush(alive(0))).toBe(true)
    expect([control[word.loaded], control[word.base]]).toEqual([2, 1])
    expect(read(log, 0)).toEqual(Array(20).fill(2))
  })

  it('takes a module that fills it and leaves out a larger one', () => {
    const control = createControl(1)
    const log = new ModuleLog(control, 32)
    log.add(bytes(25, 1))
    log.add(bytes(24, 2))
    expect(log.flush(alive(0))).toBe(true)
    expect(control[word.loaded]).toBe(1)
    expect(read(log, 0)).toEqual(Array(24).fill(2))
  })
})
