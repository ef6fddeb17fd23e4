import { SurprisalError } from '@surprisal/tensor'
import { requireNonNegative, requireWhole } from '../_shared/require.ts'
import { type CemUpdateOptions, cemCategoricalUpdate, eliteOf } from './cem-updates.ts'
import { HostRandom } from './host-random.ts'
import {
  boundsOf,
  type Categorical,
  type Continuous,
  initialOf,
  isCategorical,
  requireSpace,
  type SearchConfig,
  type SearchSpace,
} from './search-space.ts'

/** Options of {@link CrossEntropyMethod}. */
export interface CrossEntropyOptions extends CemUpdateOptions {
  /** Configurations of an iteration. @default 20 */
  population?: number
  /** Floor of every probability. @default 0 */
  minProb?: number
  /** Floor of every deviation. @default 0 */
  minStd?: number
  /** Iterations with the same threshold after which it stops. @default 5 */
  patience?: number
  /** Deviation at which a continuous parameter counts as found. @default 1e-3 */
  stdTol?: number
  /** @default 50 */
  maxIterations?: number
  /** Evaluations that run at the same time. @default 1 */
  concurrency?: number
  /** @default 0 */
  seed?: number
}

/** One iteration. */
export interface CemIteration {
  /** Score of the worst of the elite. */
  threshold: number
  /** Best score. */
  best: number
  mean: number
  /** Evaluations that failed or gave NaN, which count as worst. */
  failed: number
}

/** All that the search has to remember; plain numbers, for JSON. Choices are kept by number. */
export interface CemState {
  drawn: number
  unchanged: number
  /** Probabilities, or mean and deviation, by parameter. */
  distributions: Record<string, number[]>
  best: { values: Record<string, number>; score: number } | null
  history: CemIteration[]
}

/** What a search came to. */
export interface CemResult<S extends SearchSpace> {
  /** Best configuration ever seen; null when every evaluation failed. */
  best: { config: SearchConfig<S>; score: number } | null
  /** The likeliest value of each parameter in the end. */
  modal: SearchConfig<S>
  history: readonly CemIteration[]
  reason: 'patience' | 'converged' | 'maxIterations' | 'aborted'
}

const where = 'CrossEntropyMethod'

/**
 * Cross-entropy method: a search that draws configurations from one distribution per parameter and moves these
 * towards the best ones drawn. Categorical parameters follow {@link cemCategoricalUpdate}, continuous ones the mean
 * and population deviation of the elite, of logarithms where the parameter is so.
 * @see Rubinstein, "The Cross-Entropy Method for Combinatorial and Continuous Optimization", 1999
 */
export class CrossEntropyMethod<S extends SearchSpace> {
  readonly #space: S
  readonly #options: Required<CrossEntropyOptions>
  readonly #random: HostRandom
  #state: CemState

  /**
   * @param state to go on from, as of `toJSON`
   * @throws {SurprisalError} `argument` for an empty space, a parameter that is neither, or a wrong option
   */
  constructor(space: S, options: CrossEntropyOptions = {}, state?: Readonly<CemState>) {
    this.#space = space
    this.#options = {
      population: 20,
      rho: 0.2,
      smoothing: 0.7,
      direction: 'max',
      minProb: 0,
      minStd: 0,
      patience: 5,
      stdTol: 1e-3,
      maxIterations: 50,
      concurrency: 1,
      seed: 0,
      ...options,
    }
    const { population, patience, maxIterations, concurrency, minProb, minStd, stdTol, seed } = this.#options
    for (const [name, value] of Object.entries({ population, patience, maxIterations, concurrency }))
      requireWhole(where, name, value, 1)
    for (const [name, value] of Object.entries({ minProb, minStd, stdTol })) requireNonNegative(where, name, value)
    eliteOf(where, [0], this.#options)
    requireSpace(space)
    const distributions = Object.fromEntries(
      Object.entries(space).map(([name, parameter]) => [name, initialOf(parameter)]),
    )
    this.#state = structuredClone(state ?? { drawn: 0, unchanged: 0, distributions, best: null, history: [] })
    const names = (record: object): string => Object.keys(record).sort().join(', ')
    if (names(this.#state.distributions) !== names(space))
      throw new SurprisalError(
        'argument',
        `${where}: state must be of the parameters ${names(space)}, got ${names(this.#state.distributions)}`,
      )
    this.#random = new HostRandom(seed, this.#state.drawn)
  }

  /** Probabilities, or mean and deviation (of logarithms where the parameter is so), by parameter. */
  get distributions(): Readonly<Record<string, readonly number[]>> {
    return structuredClone(this.#state.distributions)
  }

  get history(): readonly CemIteration[] {
    return structuredClone(this.#state.history)
  }

  /** Best configuration ever seen, or null. */
  get best(): { config: SearchConfig<S>; score: number } | null {
    const { best } = this.#state
    return best && { config: this.#toConfig(best.values), score: best.score }
  }

  /** The likeliest value of each parameter. */
  get modal(): SearchConfig<S> {
    const values = Object.entries(this.#space).map(([name, parameter]) => {
      const distribution = this.#state.distributions[name]
      return [name, isCategorical(parameter) ? distribution.indexOf(Math.max(...distribution)) : distribution[0]]
    })
    return this.#toConfig(Object.fromEntries(values))
  }

  /** Draws configurations; `population` of them unless given. */
  ask(n: number = this.#options.population): SearchConfig<S>[] {
    requireWhole(where, 'n', n, 1)
    const configs = Array.from({ length: n }, () => {
      const values = Object.entries(this.#space).map(([name, parameter]) => [name, this.#draw(name, parameter)])
      return this.#toConfig(Object.fromEntries(values))
    })
    this.#state.drawn = this.#random.drawn
    return configs
  }

  /**
   * Takes the scores of configurations and moves the distributions.
   * @param scores NaN for an evaluation that failed
   * @throws {SurprisalError} `argument` for as many scores as there are not configurations, or a value that is no choice
   */
  tell(configs: readonly SearchConfig<S>[], scores: readonly number[]): void {
    if (configs.length !== scores.length)
      throw new SurprisalError('argument', `${where}: scores must be ${configs.length}, got ${scores.length}`)
    const samples = configs.map(config => this.#toValues(config))
    const { elite, threshold } = eliteOf(where, scores, this.#options)
    const valid = scores.filter(score => !Number.isNaN(score))
    const state = this.#state
    const [first] = elite
    const isBetter = (score: number, than: number): boolean =>
      this.#options.direction === 'max' ? score > than : score < than
    if (valid.length > 0 && (!state.best || isBetter(scores[first], state.best.score)))
      state.best = { values: samples[first], score: scores[first] }
    state.unchanged = Object.is(state.history.at(-1)?.threshold, threshold) ? state.unchanged + 1 : 0
    state.history.push({
      threshold,
      best: scores[first],
      mean: valid.reduce((sum, score) => sum + score, 0) / valid.length,
      failed: scores.length - valid.length,
    })
    if (valid.length === 0) return
    for (const [name, parameter] of Object.entries(this.#space))
      state.distributions[name] = isCategorical(parameter)
        ? this.#categorical(name, samples, scores)
        : this.#gaussian(
            name,
            elite.map(i => samples[i][name]),
          )
  }

  /**
   * Searches: draws, evaluates and moves until the threshold stands still, every parameter is found or the iterations
   * are over. An evaluation that throws counts as worst.
   */
  async run(
    objective: (config: SearchConfig<S>) => number | Promise<number>,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<CemResult<S>> {
    const { maxIterations, patience } = this.#options
    let reason: CemResult<S>['reason'] = 'maxIterations'
    while (this.#state.history.length < maxIterations) {
      const configs = this.ask()
      const scores = await this.#evaluate(configs, objective, signal)
      if (signal?.aborted) {
        reason = 'aborted'
        break
      }
      this.tell(configs, scores)
      if (this.#state.unchanged >= patience) reason = 'patience'
      else if (this.#isConverged()) reason = 'converged'
      else continue
      break
    }
    return { best: this.best, modal: this.modal, history: this.history, reason }
  }

  /** All that the search remembers; `fromJSON` of the same space goes on from it. */
  toJSON(): CemState {
    return structuredClone(this.#state)
  }

  /** A search that goes on from what `toJSON` has given. */
  static fromJSON<S extends SearchSpace>(
    space: S,
    state: Readonly<CemState>,
    options: CrossEntropyOptions = {},
  ): CrossEntropyMethod<S> {
    return new CrossEntropyMethod(space, options, state)
  }

  async #evaluate(
    configs: readonly SearchConfig<S>[],
    objective: (config: SearchConfig<S>) => number | Promise<number>,
    signal: AbortSignal | undefined,
  ): Promise<number[]> {
    const scores = configs.map(() => Number.NaN)
    let next = 0
    const work = async (): Promise<void> => {
      while (next < configs.length && !signal?.aborted) {
        const i = next++
        try {
          scores[i] = await objective(configs[i])
        } catch {
          scores[i] = Number.NaN
        }
      }
    }
    await Promise.all(Array.from({ length: this.#options.concurrency }, work))
    return scores
  }

  #isConverged(): boolean {
    return Object.entries(this.#space).every(([name, parameter]) => {
      const distribution = this.#state.distributions[name]
      return isCategorical(parameter) ? Math.max(...distribution) >= 0.99 : distribution[1] <= this.#options.stdTol
    })
  }

  #draw(name: string, parameter: Categorical | Continuous): number {
    const distribution = this.#state.distributions[name]
    if (isCategorical(parameter)) {
      let rest = this.#random.uniform()
      const choice = distribution.findIndex(probability => {
        rest -= probability
        return rest < 0
      })
      return choice >= 0 ? choice : distribution.findLastIndex(probability => probability > 0)
    }
    const [mean, std] = distribution
    const [min, max] = boundsOf(parameter)
    for (let attempt = 0; attempt < 100; attempt++) {
      const value = mean + std * this.#random.normal()
      if (value >= min && value <= max) return value
    }
    return Math.min(max, Math.max(min, mean))
  }

  #categorical(name: string, samples: readonly Record<string, number>[], scores: readonly number[]): number[] {
    const { minProb } = this.#options
    const choices = samples.map(sample => [sample[name]])
    const [probs] = cemCategoricalUpdate([this.#state.distributions[name]], choices, scores, this.#options).probs
    const floored = probs.map(probability => Math.max(minProb, probability))
    const sum = floored.reduce((a, b) => a + b, 0)
    return floored.map(probability => probability / sum)
  }

  #gaussian(name: string, elite: readonly number[]): number[] {
    const { smoothing, minStd } = this.#options
    const [mean, std] = this.#state.distributions[name]
    const center = elite.reduce((sum, value) => sum + value, 0) / elite.length
    const spread = Math.sqrt(elite.reduce((sum, value) => sum + (value - center) ** 2, 0) / elite.length)
    const mixed = (now: number, before: number): number => smoothing * now + (1 - smoothing) * before
    return [mixed(center, mean), Math.max(minStd, mixed(spread, std))]
  }

  /** Choices by number and numbers (or their logarithms) become values. */
  #toConfig(values: Readonly<Record<string, number>>): SearchConfig<S> {
    const entries = Object.entries(this.#space).map(([name, parameter]) => {
      const value = values[name]
      if (isCategorical(parameter)) return [name, parameter.choices[value]]
      return [name, parameter.log ? Math.exp(value) : value]
    })
    return Object.fromEntries(entries)
  }

  #toValues(config: SearchConfig<S>): Record<string, number> {
    const entries = Object.entries(this.#space).map(([name, parameter]) => {
      const given: unknown = config[name]
      if (!isCategorical(parameter)) return [name, parameter.log ? Math.log(given as number) : (given as number)]
      const choice = parameter.choices.indexOf(given)
      if (choice < 0)
        throw new SurprisalError(
          'argument',
          `${where}: ${name} must be one of ${parameter.choices.map(String).join(', ')}, got ${String(given)}`,
        )
      return [name, choice]
    })
    return Object.fromEntries(entries)
  }
}
