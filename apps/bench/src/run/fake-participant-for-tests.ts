import type { Counts } from '../gpu/counts.ts'
import type { Participant } from '../process/participant.ts'
import type { Bytes } from '../process/runner.ts'

/** What a fake does; everything has a default. */
export interface FakeBehaviour {
  /** Milliseconds of every run. @default 1 */
  readonly ms?: number
  /** @default [1, 2, 3] */
  readonly results?: readonly number[]
  readonly bytes?: Bytes | null
  readonly counts?: Counts | null
  /** Message with which the start fails. */
  readonly failsToStart?: string
  /** Number of the round, the warm-up being round 0, that fails. */
  readonly failsInRound?: number
}

/** A participant without process or library that writes down what happens to it. */
export function fakeParticipant(name: string, behaviour: FakeBehaviour = {}, log: string[] = []): Participant {
  const { ms = 1, results = [1, 2, 3], bytes = null, counts = null, failsToStart, failsInRound } = behaviour
  let rounds = 0
  return {
    name,
    async start() {
      log.push(`${name} starts`)
      if (failsToStart !== undefined) throw new Error(failsToStart)
      return `${name} 1.0`
    },
    first: async () => ({ ms: 10 * ms, results: [results] }),
    async round() {
      log.push(`${name} round`)
      if (rounds++ === failsInRound) throw new Error(`${name} broke`)
      return [ms, 2 * ms]
    },
    bytes: async () => bytes,
    counts: async () => counts,
    stop: () => {
      log.push(`${name} stops`)
    },
  }
}
