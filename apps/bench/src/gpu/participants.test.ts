import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { makeInputs } from '../case/inputs.ts'
import { type Participant, processParticipant } from '../process/participant.ts'
import { measureAdapter } from './adapter.ts'

const file = fileURLToPath(new URL('../__fixtures__/gpu/chain.bench.ts', import.meta.url))
const adapter = await measureAdapter()
/** Smaller tensors are computed by the CPU in tfjs. */
const { x } = makeInputs({ x: { shape: [2048] } })
const expected = [...x.data].map(value => Math.exp(2 * value + 1))

let running: Participant | undefined
afterEach(() => running?.stop())

describe.skipIf(!adapter)('a GPU', () => {
  it('is described with its limits', () => {
    expect(adapter?.name).toMatch(/\w/)
    expect(adapter?.copyGBs).toBeGreaterThan(0)
    expect(adapter?.fmaGflops).toBeGreaterThan(0)
  })

  it.each([
    ['ours', /^0\.\d+\.\d+ \(webgpu\)$/, 1],
    ['no-fusion', /^0\.\d+\.\d+ \(webgpu, no fusion\)$/, 3],
    ['tfjs', /^4\.\d+\.\d+ \(webgpu\)$/, 3],
    ['jax-js', /^0\.\d+\.\d+ \(webgpu, jit\)$/, 1],
  ])('%s computes on it, and its calls are counted', { timeout: 60_000 }, async (participant, version, dispatches) => {
    running = processParticipant({ file, case: 'chain', participant, threads: 1, isSoftware: true })
    expect(await running.start()).toMatch(version)
    const { results } = await running.first()
    expect(results[0].length).toBe(expected.length)
    expected.forEach((value, i) => {
      expect(results[0][i]).toBeCloseTo(value, 3)
    })
    const counts = await running.counts()
    expect(counts).toMatchObject({ dispatches, pipelines: 0 })
    expect(counts?.submissions).toBeGreaterThan(0)
    expect((await running.round(1)).length).toBeGreaterThan(0)
    expect(await running.bytes()).toBe(null)
  })
})
