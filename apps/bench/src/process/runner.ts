import type { Numbers, Session } from '../case/bench-case.ts'
import { type Counts, countsBetween, mostCounts } from '../gpu/counts.ts'

/** What the first evaluation told. */
export interface First {
  /** Milliseconds of the first evaluation, compilation included. */
  readonly ms: number
  readonly results: readonly Numbers[]
}

/** Bytes on the device, where the library counts them. */
export interface Bytes {
  /** The inputs alone. */
  readonly base: number
  /** The inputs and the results of one evaluation; of a session, which keeps its own, the inputs alone. */
  readonly held: number
  /** The most at any time since the start. */
  readonly peak: number
}

/** One participant within its own process. */
export interface Runner {
  /** Version of the library and what of it is used. */
  readonly version: string
  /** Evaluates for the first time. */
  first(): Promise<First>
  /** Evaluates for at least `ms` milliseconds; milliseconds per evaluation of every run in that time, at least one. */
  round(ms: number): Promise<number[]>
  /** Null where the library does not count them. */
  bytes(): Bytes | null
  /** The most of each that an evaluation from now on asks of the GPU; absent where there is none. */
  counts?(): Promise<Counts>
  /** Ends what the runner has started; absent where that is nothing. */
  close?(): void
}

/** A run lasts at least this long: what is faster is evaluated several times, so that the clock is fine enough. */
const shortestRun = 1

/** Evaluations that are counted. */
const countedRuns = 2

/** What a runner can tell beside times. */
export interface Observed {
  /** @default the library does not count them */
  readonly bytes?: () => Bytes | null
  /** Reads what was asked of the GPU. @default there is none */
  readonly counts?: () => Counts
}

/** A runner of a library in this process. */
export function sessionRunner(version: string, session: Session, { bytes, counts }: Observed = {}): Runner {
  let evaluations = 1
  return {
    version,
    bytes: bytes ?? (() => null),
    ...(counts && { counts: () => countRuns(session, counts) }),
    async first() {
      const start = performance.now()
      await session.run()
      const ms = performance.now() - start
      return { ms, results: await session.results() }
    },
    async round(ms) {
      const runs: number[] = []
      const end = performance.now() + ms
      do {
        const elapsed = await timeOf(session, evaluations)
        runs.push(elapsed / evaluations)
        if (elapsed < shortestRun) evaluations = Math.ceil((evaluations * shortestRun * 1.2) / Math.max(elapsed, 1e-3))
      } while (performance.now() < end)
      return runs
    },
  }
}

async function countRuns(session: Session, read: () => Counts): Promise<Counts> {
  let most: Counts = { dispatches: 0, submissions: 0, pipelines: 0, buffers: 0 }
  for (let i = 0; i < countedRuns; i++) {
    const before = read()
    await session.run()
    most = mostCounts(most, countsBetween(before, read()))
  }
  return most
}

async function timeOf(session: Session, evaluations: number): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < evaluations; i++) {
    const pending = session.run()
    // A turn of the event loop costs as much as the smallest cases: libraries that compute at once do not wait for it.
    if (pending) await pending
  }
  return performance.now() - start
}
