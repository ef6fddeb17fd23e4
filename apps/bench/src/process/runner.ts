import type { Numbers, Session } from '../case/bench-case.ts'

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
  /** Ends what the runner has started; absent where that is nothing. */
  close?(): void
}

/** A run lasts at least this long: what is faster is evaluated several times, so that the clock is fine enough. */
const shortestRun = 1

/** A runner of a library in this process. */
export function sessionRunner(version: string, session: Session, bytes: () => Bytes | null = () => null): Runner {
  let evaluations = 1
  return {
    version,
    bytes,
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

async function timeOf(session: Session, evaluations: number): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < evaluations; i++) {
    const pending = session.run()
    // A turn of the event loop costs as much as the smallest cases: libraries that compute at once do not wait for it.
    if (pending) await pending
  }
  return performance.now() - start
}
