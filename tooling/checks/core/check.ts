/** What a check found: nothing but `ok` is needed when all is well. */
export interface Outcome {
  ok: boolean
  /** Shown when the check failed. */
  output: string
  /** Single tests behind the check, where it counts them. */
  passed?: number
  failed?: number
  /** What could not run on this machine and why, one line each; such a success is not remembered. */
  notRun?: string[]
}

/** One named step of `npm test`. */
export interface Check {
  name: string
  /** One line for people, shown by `npm test -- --list`. */
  what: string
  /** Names of checks that have to run before this one. */
  needs?: string[]
  /** Whether the outcome depends on the file; a check without inputs runs every time. */
  inputs?: (path: string) => boolean
  run(): Promise<Outcome>
}

/** The outcome of a check that collects complaints, one a line. */
export function outcomeOf(problems: string[]): Outcome {
  return { ok: problems.length === 0, output: problems.join('\n') }
}
