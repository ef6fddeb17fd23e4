import { afterEach, describe, expect, it, vi } from 'vitest'
import { stopped, stoppedExitCode, stopSignal } from './stop-signal.ts'

const before = { SIGINT: process.listeners('SIGINT'), SIGTERM: process.listeners('SIGTERM') }

afterEach(() => {
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    for (const listener of process.listeners(name)) if (!before[name].includes(listener)) process.off(name, listener)
  vi.restoreAllMocks()
})

describe('stopSignal', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('is given by the first %s; the second ends the program', name => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never)
    const signal = stopSignal()
    expect(signal.aborted).toBe(false)
    process.emit(name, name)
    expect(signal.aborted).toBe(true)
    expect(exit).not.toHaveBeenCalled()
    process.emit(name, name)
    expect(exit).toHaveBeenCalledWith(stoppedExitCode)
  })
})

describe('stopped', () => {
  it('resolves when the signal is given, and at once when it was given before', async () => {
    const controller = new AbortController()
    let done = false
    const waiting = stopped(controller.signal).then(() => {
      done = true
    })
    await Promise.resolve()
    expect(done).toBe(false)
    controller.abort()
    await waiting
    await stopped(controller.signal)
    expect(done).toBe(true)
  })
})
