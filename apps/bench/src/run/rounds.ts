import type { Participant } from '../process/participant.ts'

/** How long is measured. */
export interface RoundOptions {
  /** Rounds of every participant. @default 12 */
  readonly rounds?: number
  /** Milliseconds of a participant in a round; a longer evaluation is not cut. @default 30 */
  readonly roundMs?: number
  /** Seconds after which a participant takes part in no further round, once it has had three. @default 30 */
  readonly budgetSeconds?: number
  /** Milliseconds without measuring before, so that the engines have compiled what they will. @default 300 */
  readonly warmUpMs?: number
}

/** Times of every run in milliseconds, or why there are none. */
export type Outcome = { readonly times: readonly number[] } | { readonly problem: string }

const fewestRounds = 3

/**
 * Measures all participants in turns, so that what else the machine does meets all of them. One that fails leaves the
 * rounds; the others go on.
 */
export async function interleave(
  participants: readonly Participant[],
  options: RoundOptions = {},
): Promise<Map<Participant, Outcome>> {
  const { rounds = 12, roundMs = 30, budgetSeconds = 30, warmUpMs = 300 } = options
  const times = new Map<Participant, number[]>()
  const problems = new Map<Participant, string>()
  const spent = new Map<Participant, number>()
  const turn = async (participant: Participant, ms: number): Promise<number[]> => {
    const start = performance.now()
    try {
      return await participant.round(ms)
    } catch (error) {
      problems.set(participant, (error as Error).message)
      return []
    } finally {
      spent.set(participant, (spent.get(participant) ?? 0) + (performance.now() - start) / 1000)
    }
  }

  for (const participant of participants) await turn(participant, warmUpMs)
  for (let round = 0; round < rounds; round++)
    for (const participant of participants) {
      const isSpent = round >= fewestRounds && (spent.get(participant) ?? 0) > budgetSeconds
      if (problems.has(participant) || isSpent) continue
      times.set(participant, [...(times.get(participant) ?? []), ...(await turn(participant, roundMs))])
    }
  return new Map(
    participants.map(participant => {
      const problem = problems.get(participant)
      return [participant, problem === undefined ? { times: times.get(participant) ?? [] } : { problem }]
    }),
  )
}
