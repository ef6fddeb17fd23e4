import fc from 'fast-check'
import { printProgram } from '../../../../packages/tensor/src/__fuzz__/__fixtures__/print.ts'
import { programs } from '../../../../packages/tensor/src/__fuzz__/__fixtures__/programs.ts'
import { compareGraph } from './compare-graph.ts'

/** Which random graphs are drawn, and how many. */
export interface GraphOptions {
  readonly graphs: number
  readonly seed: number
}

/** What came of them. */
export interface GraphReport {
  /** Null, or the smallest graph found on which the device is wrong. */
  readonly failure: string | null
  /** How many agree, and how many of these by more than the last digits. */
  readonly agreed: number
  readonly explained: number
}

/** Compares the default device with the oracle on random graphs of every op. */
export async function runGraphs({ graphs, seed }: GraphOptions): Promise<GraphReport> {
  let explained = 0
  const property = fc.asyncProperty(programs(), async program => {
    const { failure, isExplained } = await compareGraph(program)
    if (failure !== null) throw new Error(`${failure}\n${printProgram(program)}`)
    if (isExplained) explained += 1
  })
  const result = await fc.check(property, { numRuns: graphs, seed, interruptAfterTimeLimit: 540_000 })
  const { failed, errorInstance, numRuns, numShrinks } = result
  const failure = failed
    ? `seed ${seed}, graph ${numRuns}, after ${numShrinks} steps of shrinking:\n${(errorInstance as Error | null)?.message}`
    : null
  return { failure, agreed: failed ? numRuns - 1 : numRuns, explained }
}
