import fc from 'fast-check'
import { checkProgram, describeFailure, type Verdict } from './check.ts'
import { checkGradients, type GradientVerdict } from './check-gradients.ts'
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

/** Which programs are drawn. */
export interface SearchOptions {
  /** How many programs. */
  readonly runs: number
  readonly seed: number
}

/** Options of {@link fuzz}. */
export interface FuzzOptions extends SearchOptions {
  /** Name of the executor that is compared with the oracle. @default 'wasm' */
  readonly engine?: string
  /** Sees every program that was run. */
  readonly onProgram?: (program: Program, verdict: Verdict) => void
}

/** Options of {@link fuzzGradients}. */
export interface GradientFuzzOptions extends SearchOptions {
  /** 2 for gradients of gradients. */
  readonly order: 1 | 2
  /** Sees every program that was run. */
  readonly onProgram?: (program: Program, verdict: GradientVerdict) => void
}

/** Null, or what `check` says of the smallest program found that it does not pass. */
async function search(
  { runs, seed }: SearchOptions,
  check: (program: Program) => Promise<string | null>,
): Promise<string | null> {
  const property = fc.asyncProperty(programs(), async program => {
    const failure = await check(program)
    if (failure !== null) throw new Error(failure)
  })
  const result = await fc.check(property, { numRuns: runs, seed })
  if (!result.failed) return null
  const error = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance)
  return `seed ${seed}, program ${result.numRuns}, after ${result.numShrinks} steps of shrinking:\n${error}`
}

/**
 * Compares the engine with the oracle on random programs.
 * @returns null, or the smallest failing program found, in words and as a module to paste
 */
export function fuzz({ runs, seed, engine = 'wasm', onProgram }: FuzzOptions): Promise<string | null> {
  return search({ runs, seed }, async program => {
    const verdict = await checkProgram(program, engine)
    onProgram?.(program, verdict)
    return verdict.failure && `${describeFailure(verdict.failure)}\n${printProgram(program)}`
  })
}

/**
 * Compares gradients of random programs with those of the oracle and with differences.
 * @returns null, or the smallest failing program found, in words and as a module to paste
 */
export function fuzzGradients({ runs, seed, order, onProgram }: GradientFuzzOptions): Promise<string | null> {
  return search({ runs, seed }, async program => {
    const verdict = await checkGradients(program, order)
    onProgram?.(program, verdict)
    return verdict.failure
  })
}
