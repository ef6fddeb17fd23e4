/** A phase of work that is under way. */
export interface RunningPhase {
  /** @param done units done so far @param note a few words on the state, such as the loss */
  update(done: number, note?: string): void
  /** @param result what came of it, in a few words */
  finish(result?: string): void
  /** Ends without a result: the work was stopped or failed. */
  abandon(): void
}

/** Where progress is shown. */
export interface Progress {
  /** Begins a phase of `total` units. */
  phase(title: string, total: number): RunningPhase
  /** Says one line. */
  say(line: string): void
}

/** For tests and `--json`. */
export const silentProgress: Progress = {
  phase: () => ({ update: () => undefined, finish: () => undefined, abandon: () => undefined }),
  say: () => undefined,
}
