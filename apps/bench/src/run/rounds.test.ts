import { describe, expect, it } from 'vitest'
import { fakeParticipant } from './fake-participant-for-tests.ts'
import { interleave } from './rounds.ts'

describe('interleave', () => {
  it('takes turns after everybody has warmed up', async () => {
    const log: string[] = []
    await interleave([fakeParticipant('a', {}, log), fakeParticipant('b', {}, log)], { rounds: 2 })
    expect(log).toEqual(['a round', 'b round', 'a round', 'b round', 'a round', 'b round'])
  })

  it('keeps the runs of all rounds but not of the warm-up', async () => {
    const a = fakeParticipant('a', { ms: 3 })
    const outcomes = await interleave([a], { rounds: 3 })
    expect(outcomes.get(a)).toEqual({ times: [3, 6, 3, 6, 3, 6] })
  })

  it('has at least ten rounds by default', async () => {
    const a = fakeParticipant('a')
    const outcome = (await interleave([a])).get(a)
    expect(outcome && 'times' in outcome && outcome.times.length / 2).toBeGreaterThanOrEqual(10)
  })

  it.each([0, 2])('leaves out who fails in round %d and goes on with the others', async failsInRound => {
    const log: string[] = []
    const [a, b] = [fakeParticipant('a', { failsInRound }, log), fakeParticipant('b', {}, log)]
    const outcomes = await interleave([a, b], { rounds: 3 })
    expect(outcomes.get(a)).toEqual({ problem: 'a broke' })
    expect(outcomes.get(b)).toEqual({ times: [1, 2, 1, 2, 1, 2] })
    expect(log.filter(entry => entry === 'a round').length).toBe(failsInRound + 1)
  })

  it('stops after three rounds with who has used up the time', async () => {
    const [slow, quick] = [fakeParticipant('slow'), fakeParticipant('quick')]
    const wait = slow.round
    const late = { ...slow, round: (ms: number) => new Promise<void>(r => setTimeout(r, 5)).then(() => wait(ms)) }
    const outcomes = await interleave([late, quick], { rounds: 6, budgetSeconds: 0.004 })
    expect(outcomes.get(late)).toEqual({ times: [1, 2, 1, 2, 1, 2] })
    expect(outcomes.get(quick)).toMatchObject({ times: Array.from({ length: 12 }, (_, i) => 1 + (i % 2)) })
  })
})
