import { describe, expect, it } from 'vitest'
import { sessionRunner } from './runner.ts'

const busy = (ms: number) => {
  const end = performance.now() + ms
  while (performance.now() < end);
}

function counted(run: () => void | Promise<void>) {
  let evaluations = 0
  const session = {
    run: () => {
      evaluations++
      return run()
    },
    results: async () => [[evaluations]],
  }
  return { session, evaluations: () => evaluations }
}

describe('sessionRunner', () => {
  it('evaluates once before it gives results', async () => {
    const { session } = counted(() => busy(2))
    const first = await sessionRunner('1', session).first()
    expect(first.results).toEqual([[1]])
    expect(first.ms).toBeGreaterThanOrEqual(2)
  })

  it('gives one time for every evaluation that takes long', async () => {
    const { session, evaluations } = counted(() => busy(2))
    const runs = await sessionRunner('1', session).round(9)
    expect(runs.length).toBe(evaluations())
    expect(runs.length).toBeGreaterThanOrEqual(2)
    expect(Math.min(...runs)).toBeGreaterThanOrEqual(2)
  })

  it('evaluates at least once', async () => {
    const { session } = counted(() => busy(3))
    expect((await sessionRunner('1', session).round(0)).length).toBe(1)
  })

  it('puts several evaluations in a run where they are short', async () => {
    const { session, evaluations } = counted(() => {})
    const runs = await sessionRunner('1', session).round(20)
    expect(evaluations()).toBeGreaterThan(10 * runs.length)
    expect(Math.min(...runs)).toBeLessThan(0.1)
  })

  it('waits for what is computed later', async () => {
    let done = 0
    const { session } = counted(() => new Promise<void>(resolve => setTimeout(() => resolve(void done++), 2)))
    const runs = await sessionRunner('1', session).round(5)
    expect(done).toBe(runs.length)
    expect(Math.min(...runs)).toBeGreaterThan(1)
  })

  it('counts no bytes unless told how', () => {
    const { session } = counted(() => {})
    const bytes = { base: 1, held: 2, peak: 3 }
    expect(sessionRunner('1', session).bytes()).toBe(null)
    expect(sessionRunner('1', session, () => bytes).bytes()).toBe(bytes)
  })
})
