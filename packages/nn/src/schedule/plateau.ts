import { SurprisalError } from '@surprisal/tensor'
import { requireNonNegative, requireOneOf, requireWhole } from '../_shared/require.ts'

/** Options of {@link ReduceLROnPlateau}. */
export interface PlateauOptions {
  /** Learning rate at the start. @default 1 */
  lr?: number
  /** Whether smaller or larger metrics are better. @default 'min' */
  mode?: 'min' | 'max'
  /** Factor of a drop, below 1. @default 0.1 */
  factor?: number
  /** Steps without improvement that are borne; the next one drops the learning rate. @default 10 */
  patience?: number
  /** Improvement that counts. @default 1e-4 */
  threshold?: number
  /** Whether the threshold is a share of the best metric or a difference. @default 'rel' */
  thresholdMode?: 'rel' | 'abs'
  /** Steps after a drop that are not judged. @default 0 */
  cooldown?: number
  /** Lowest learning rate. @default 0 */
  minLr?: number
}

/** All that the schedule has to remember; plain numbers, for JSON. */
export interface PlateauState {
  lr: number
  /** Best metric so far; null before the first. */
  best: number | null
  badSteps: number
  cooldown: number
}

/** A learning rate that drops when a metric has stopped improving. */
export class ReduceLROnPlateau {
  readonly #options: Required<Omit<PlateauOptions, 'lr'>>
  #state: PlateauState

  /** @throws {SurprisalError} `argument` for a factor outside of [0, 1), a negative number or an unknown mode */
  constructor(options: PlateauOptions = {}) {
    const { lr = 1, mode = 'min', factor = 0.1, patience = 10, threshold = 1e-4 } = options
    const { thresholdMode = 'rel', cooldown = 0, minLr = 0 } = options
    const name = 'ReduceLROnPlateau'
    for (const [key, value] of Object.entries({ lr, threshold, minLr })) requireNonNegative(name, key, value)
    for (const [key, value] of Object.entries({ patience, cooldown })) requireWhole(name, key, value)
    requireOneOf(name, 'mode', mode, ['min', 'max'])
    requireOneOf(name, 'thresholdMode', thresholdMode, ['rel', 'abs'])
    if (!(factor >= 0 && factor < 1))
      throw new SurprisalError('argument', `${name}: factor must be in [0, 1), got ${factor}`)
    this.#options = { mode, factor, patience, threshold, thresholdMode, cooldown, minLr }
    this.#state = { lr, best: null, badSteps: 0, cooldown: 0 }
  }

  /** The learning rate that holds now. */
  get lr(): number {
    return this.#state.lr
  }

  #improves(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options
    const { best } = this.#state
    if (best === null) return !Number.isNaN(metric)
    const margin = thresholdMode === 'rel' ? threshold * Math.abs(best) : threshold
    return mode === 'min' ? metric < best - margin : metric > best + margin
  }

  /**
   * Takes the metric of an evaluation; NaN counts as no improvement.
   * @returns the learning rate from now on
   */
  step(metric: number): number {
    const { patience, factor, cooldown, minLr } = this.#options
    const state = this.#state
    if (this.#improves(metric)) {
      state.best = metric
      state.badSteps = 0
    } else state.badSteps += 1
    if (state.cooldown > 0) {
      state.cooldown -= 1
      state.badSteps = 0
    }
    if (state.badSteps > patience) {
      state.lr = Math.min(state.lr, Math.max(minLr, state.lr * factor))
      state.cooldown = cooldown
      state.badSteps = 0
    }
    return state.lr
  }

  /** A copy of the state. */
  stateDict(): PlateauState {
    return { ...this.#state }
  }

  /** Goes on from a state. */
  loadStateDict(state: Readonly<PlateauState>): void {
    this.#state = { ...state }
  }
}
