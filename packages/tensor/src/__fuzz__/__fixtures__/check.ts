import { type Difference, findDifference } from './compare.ts'
import { usePerturbed } from './perturbed.ts'
import { type Observed, type Program, run } from './program.ts'

/** Perturbed runs until a difference is believed: few suffice unless it depends on one decision in many. */
const stages = [4, 12, 48]

/** What is wrong with a program: a difference between the executors, or an error of either. */
export type Failure = { readonly difference: Difference } | { readonly executor: string; readonly error: unknown }

async function attempt(program: Program, executor: string): Promise<Observed[] | Failure> {
  try {
    return await run(program, executor)
  } catch (error) {
    return { executor, error }
  }
}

/** What a run went through. */
export interface Verdict {
  readonly failure: Failure | null
  /** The oracle's values. */
  readonly expected: readonly Observed[]
  /** How many perturbed runs it took to explain all differences; 0 where there were none to speak of. */
  readonly perturbedRuns: number
}

/**
 * Runs a program by the engine and by the oracle and compares all that is read. Where they differ by more than the
 * last digits, runs of the oracle with errors say what the graph's condition allows.
 * @param engine name of the executor that is compared with the oracle
 */
export async function checkProgram(program: Program, engine = 'wasm'): Promise<Verdict> {
  const expected = await attempt(program, 'reference')
  if (!Array.isArray(expected)) return { failure: expected, expected: [], perturbedRuns: 0 }
  const got = await attempt(program, engine)
  if (!Array.isArray(got)) return { failure: got, expected, perturbedRuns: 0 }
  let difference = findDifference(expected, got)
  const runs: Observed[][] = []
  for (const count of stages) {
    if (difference === null) break
    for (let i = 0; i < count; i++) {
      usePerturbed(runs.length)
      runs.push(await run(program, 'perturbed'))
    }
    difference = findDifference(expected, got, runs)
  }
  return { failure: difference && { difference }, expected, perturbedRuns: runs.length }
}

/** A failure in words. */
export function describeFailure(failure: Failure): string {
  if ('error' in failure) {
    const { error } = failure
    return `${failure.executor} threw ${error instanceof Error ? error.stack : String(error)}`
  }
  const { round, value, element, expected, got, tolerance } = failure.difference
  if (element < 0) return `round ${round}, v${value}: another shape or dtype`
  return `round ${round}, v${value}, element ${element}: expected ${expected}, got ${got}, tolerance ${tolerance}`
}
