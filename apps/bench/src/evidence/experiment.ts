/** What one seed has shown; smaller is better. */
export interface Outcome {
  readonly method: number
  readonly baseline: number
  /** Further figures, by what they are. */
  readonly details?: Readonly<Record<string, number>>
}

/** The claim of a paper against its baseline: what a file in the `evidence` folder of a package exports. */
export interface Experiment {
  readonly claim: string
  readonly baseline: string
  readonly seeds: readonly number[]
  run(seed: number): Outcome | Promise<Outcome>
  /** Whether a seed bears the claim out. @default method < baseline */
  holds?(outcome: Outcome): boolean
}

/** An experiment and where it was found. */
export interface FoundExperiment {
  readonly package: string
  /** Name of the file without its ending. */
  readonly slug: string
  readonly experiment: Experiment
}

/** What all seeds together say. */
export type Verdict = 'holds' | 'mixed' | 'does not hold'

/** An experiment that was run. */
export interface Evidence {
  readonly package: string
  readonly slug: string
  readonly claim: string
  readonly baseline: string
  readonly seeds: readonly ({ readonly seed: number; readonly holds: boolean } & Outcome)[]
  /** Mean of (baseline - method) / |baseline| over the seeds. */
  readonly margin: number
  readonly verdict: Verdict
  readonly seconds: number
}
