import { SurprisalError } from '@surprisal/tensor'
import { describe } from '../_shared/positional.ts'
import { requirePositive } from '../_shared/require.ts'

/** A parameter with a list of values. */
export interface Categorical {
  choices: readonly unknown[]
}

/** A parameter with numbers as values, Gaussian at first. */
export interface Continuous {
  /** With `log`, the median. */
  mean: number
  /** With `log`, that of the logarithm. */
  std: number
  /** Smallest value. */
  min?: number
  /** Largest value. */
  max?: number
  /** Whether the logarithm is Gaussian. @default false */
  log?: boolean
}

/** Parameters to search by name. */
export type SearchSpace = Readonly<Record<string, Categorical | Continuous>>

/** One value for each parameter. */
export type SearchConfig<S extends SearchSpace> = {
  [K in keyof S]: S[K] extends { choices: readonly (infer Choice)[] } ? Choice : number
}

const where = 'CrossEntropyMethod'

export const isCategorical = (parameter: Categorical | Continuous): parameter is Categorical => 'choices' in parameter

/** @throws {SurprisalError} `argument` for an empty space or a parameter that is neither of the two */
export function requireSpace(space: SearchSpace): void {
  const entries = Object.entries(space)
  if (entries.length === 0) throw new SurprisalError('argument', `${where}: space must hold a parameter, got none`)
  for (const [name, parameter] of entries) {
    const { choices, mean, std, log } = parameter as Partial<Categorical & Continuous>
    if (choices !== undefined) {
      if (!Array.isArray(choices) || choices.length === 0)
        throw new SurprisalError('argument', `${where}: choices of ${name} must be a list, got ${describe(choices)}`)
    } else if (!Number.isFinite(mean))
      throw new SurprisalError('argument', `${where}: ${name} must have choices or a mean, got ${describe(mean)}`)
    else {
      requirePositive(where, `std of ${name}`, std as number)
      if (log) requirePositive(where, `mean of ${name}`, mean as number)
    }
  }
}

/** Even probabilities, or mean and deviation. */
export function initialOf(parameter: Categorical | Continuous): number[] {
  if (isCategorical(parameter)) return parameter.choices.map(() => 1 / parameter.choices.length)
  return [parameter.log ? Math.log(parameter.mean) : parameter.mean, parameter.std]
}

/** Smallest and largest draw, of the logarithm where the parameter is so. */
export function boundsOf({
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
  log,
}: Continuous): number[] {
  return log ? [min > 0 ? Math.log(min) : Number.NEGATIVE_INFINITY, Math.log(max)] : [min, max]
}
