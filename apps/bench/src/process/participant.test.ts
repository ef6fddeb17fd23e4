import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { makeInputs } from '../case/inputs.ts'
import { type Participant, type Patience, processParticipant } from './participant.ts'

const fixture = (name: string) =>
  fileURLToPath(new URL(`../__fixtures__/packages/sample/bench/${name}.bench.ts`, import.meta.url))

const running: Participant[] = []
afterEach(() => {
  for (const participant of running.splice(0)) participant.stop()
})

function participant(name: string, who = 'ours', patience?: Patience, file = 'sample', threads = 1): Participant {
  const one = processParticipant({ file: fixture(file), case: name, participant: who, threads }, patience)
  running.push(one)
  return one
}

describe('processParticipant', () => {
  it('evaluates in a process of its own on the inputs that everybody has', async () => {
    const ours = participant('agrees')
    expect(await ours.start()).toMatch(/^\d+\.\d+\.\d+/)
    const { ms, results } = await ours.first()
    expect(ms).toBeGreaterThan(0)
    expect(Array.from(results[0])).toEqual([...makeInputs({ x: { shape: [8] } }).x.data].map(value => 2 * value))
    const runs = await ours.round(5)
    expect(runs.length).toBeGreaterThan(1)
    expect(Math.min(...runs)).toBeGreaterThan(0)
    const bytes = await ours.bytes()
    expect(bytes?.base).toBeGreaterThanOrEqual(32)
    expect(bytes?.held).toBeGreaterThan(bytes?.base ?? 0)
    expect(bytes?.peak).toBeGreaterThanOrEqual(bytes?.held ?? 0)
  })

  it('runs a variant in the place of the program', async () => {
    const other = participant('differs', 'other')
    await other.start()
    const { results } = await other.first()
    expect(results[0][0]).toBeCloseTo(3 * makeInputs({ x: { shape: [8] } }).x.data[0], 6)
  })

  it('hands on why an evaluation fails', async () => {
    const ours = participant('fails')
    await ours.start()
    await expect(ours.first()).rejects.toThrow('reshape: cannot reshape 8 elements to [3]')
  })

  it('tells why it cannot start', async () => {
    await expect(participant('nowhere').start()).rejects.toThrow('sample.bench.ts has no case nowhere')
    await expect(participant('agrees', 'tfjs').start()).rejects.toThrow('agrees has no participant tfjs')
  })

  it('gives up what does not answer', async () => {
    const endless = participant('never-ends', 'ours', { firstSeconds: 1.5 }, 'single')
    await expect(endless.start()).rejects.toThrow('no answer within 1.5 s')
  })

  it('notices that the process has ended', async () => {
    const ours = participant('agrees')
    await ours.start()
    const round = ours.round(5000)
    ours.stop()
    await expect(round).rejects.toThrow('the process ended with SIGKILL')
    await expect(ours.bytes()).rejects.toThrow('the process ended')
  })
})
