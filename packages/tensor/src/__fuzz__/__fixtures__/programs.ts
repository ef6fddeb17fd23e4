import fc from 'fast-check'
import { checkProgram, describeFailure, type Verdict } from './check.ts'
import { generateProgram } from './generate.ts'
import { printProgram } from './print.ts'
import type { Program } from './program.ts'
import { smallerPrograms } from './shrink.ts'

class ProgramArbitrary extends fc.Arbitrary<Program> {
  generate(random: fc.Random): fc.Value<Program> {
    return new fc.Value(generateProgram(random), undefined)
  }

  canShrinkWithoutContext(value: unknown): value is Program {
    return typeof value === 'object' && value !== null && 'items' in value
  }

  shrink(program: Program): fc.Stream<fc.Value<Program>> {
    return fc.stream(smallerPrograms(program)).map(smaller => new fc.Value(smaller, undefined))
  }
}

/** Random programs over all ops, valid by construction; a failing one shrinks to a few calls over plain data. */
export const programs = (): fc.Arbitrary<Program> => new ProgramArbitrary()

/** Options of {@link fuzz}. */
export interface FuzzOptions {
  /** How many programs. */
  readonly runs: number
  readonly seed: number
  /** Name of the executor that is compared with the oracle. @default 'wasm' */
  readonly engine?: string
  /** Sees every program that was run. */
  readonly onProgram?: (program: Program, verdict: Verdict) => void
}

/**
 * Compares the engine with the oracle on random programs.
 * @returns null, or the smallest failing program found, in words and as a module to paste
 */
export async function fuzz({ runs, seed, engine = 'wasm', onProgram }: FuzzOptions): Promise<string | null> {
  const property = fc.asyncProperty(programs(), async program => {
    const verdict = await checkProgram(program, engine)
    onProgram?.(program, verdict)
    if (verdict.failure) throw new Error(describeFailure(verdict.failure))
  })
  const result = await fc.check(property, { numRuns: runs, seed })
  if (!result.failed) return null
  const [program] = result.counterexample ?? []
  const error = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance)
  const source = program ? printProgram(program) : ''
  return `seed ${seed}, program ${result.numRuns}, after ${result.numShrinks} steps of shrinking:\n${error}\n${source}`
}
