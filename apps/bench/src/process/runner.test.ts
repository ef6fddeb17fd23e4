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
    expect(sessionRunner('1', session, { bytes: () => bytes }).bytes()).toBe(bytes)
  })

  it('counts nothing where there is no GPU', () => {
    expect(sessionRunner('1', counted(() => {}).session).counts).toBe(undefined)
  })

  it('gives the most of each that one of two evaluations asks for', async () => {
    const total = { dispatches: 7, submissions: 7, pipelines: 7, buffers: 7 }
    const steps = [
      { dispatches: 3, submissions: 1, pipelines: 0, buffers: 2 },
      { dispatches: 4, submissions: 1, pipelines: 0, buffers: 0 },
    ]
    let at = 0
    const { session, evaluations } = counted(() => {
      const step = steps[at++]
      for (const name of Object.keys(step) as (keyof typeof step)[]) total[name] += step[name]
    })
    const runner = sessionRunner('1', session, { counts: () => ({ ...total }) })
    expect(await runner.counts?.()).toEqual({ dispatches: 4, submissions: 1, pipelines: 0, buffers: 2 })
    expect(evaluations()).toBe(2)
  })
})
