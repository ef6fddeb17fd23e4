import { afterEach, describe, expect, it, vi } from 'vitest'
import { createControl, gate, gateBit, word } from './control.ts'
import { Gate } from './gate.ts'

afterEach(() => vi.restoreAllMocks())

/** On the main thread of a page. */
const forbidWait = () =>
  vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    throw new TypeError('Atomics.wait cannot be called in this context')
  })

describe('Gate', () => {
  it('opens, changes the epoch, and closes at once where nobody came', () => {
    const control = createControl(1)
    const door = new Gate(control, 1000)
    door.open()
    expect([control[word.gate], control[word.epoch]]).toEqual([gate.open, 1])
    expect(door.close()).toBe(0)
    expect(control[word.gate]).toBe(0)
  })

  it('wakes only where somebody sleeps', () => {
    const notify = vi.spyOn(Atomics, 'notify')
    const control = createControl(1)
    const door = new Gate(control, 1000)
    door.wake()
    expect(notify).not.toHaveBeenCalled()
    control[word.sleepers] = 1
    door.wake()
    expect(notify).toHaveBeenCalledExactlyOnceWith(control, word.epoch)
  })

  it.each([false, true])('gives up on those who stay, in a page: %s', page => {
    if (page) forbidWait()
    const control = createControl(2)
    const door = new Gate(control, 30)
    door.open()
    Atomics.or(control, word.gate, gateBit(1))
    const started = performance.now()
    expect(door.close()).toBe(gateBit(1))
    expect(performance.now() - started).toBeGreaterThanOrEqual(25)
  })

  it('sleeps and is woken by the last who leaves', () => {
    const control = createControl(1)
    const door = new Gate(control, 1000)
    door.open()
    Atomics.or(control, word.gate, gateBit(0))
    const wait = vi.spyOn(Atomics, 'wait').mockImplementation((_, at) => {
      expect(Atomics.and(control, at, ~gateBit(0))).toBe(gateBit(0) | gate.callerSleeps)
      return 'ok'
    })
    expect(door.close()).toBe(0)
    expect(wait).toHaveBeenCalledOnce()
    expect(control[word.gate]).toBe(0)
  })

  it('looks once more before it sleeps', () => {
    const control = createControl(1)
    const door = new Gate(control, 1000)
    door.open()
    Atomics.or(control, word.gate, gateBit(0))
    const wait = vi.spyOn(Atomics, 'wait')
    const { or } = Atomics
    vi.spyOn(Atomics, 'or').mockImplementation((_, at, bits) => {
      Atomics.and(control, at, ~gateBit(0))
      return or(control, at, Number(bits)) as never
    })
    expect(door.close()).toBe(0)
    expect(wait).not.toHaveBeenCalled()
  })

  it.each([false, true])('lets others begin, but not for long, in a page: %s', page => {
    if (page) forbidWait()
    const control = createControl(1)
    const door = new Gate(control, 1000)
    const started = performance.now()
    door.letOthersBegin(0)
    expect(performance.now() - started).toBeGreaterThanOrEqual(15)
    control[word.next] = 1
    const wait = vi.spyOn(Atomics, 'wait')
    wait.mockClear()
    door.letOthersBegin(0)
    expect(wait).not.toHaveBeenCalled()
  })
})
