import { SurprisalError } from '@surprisal/tensor'
import { requirePositive, requireWhole } from '../_shared/require.ts'

/** Options of {@link DynamicLossScale}. */
export interface LossScaleOptions {
  /** Scale at the start. @default 65536 */
  start?: number
  /** Good steps in a row after which the scale doubles. @default 2000 */
  growthSteps?: number
}

/** All that the scale has to remember; plain numbers, for JSON. */
export interface LossScaleState {
  scale: number
  goodSteps: number
}

/**
 * The factor by which a loss is multiplied so that small gradients survive half precision. It halves when gradients
 * overflow, whose step is to be left out, and doubles after many good steps; powers of two change no other digit.
 * @see Micikevicius et al., "Mixed Precision Training", 2018
 */
export class DynamicLossScale {
  readonly #growthSteps: number
  #state: LossScaleState

  /** @throws {SurprisalError} `argument` for a start that is not positive or growthSteps that are not whole */
  constructor({ start = 65536, growthSteps = 2000 }: LossScaleOptions = {}) {
    requirePositive('DynamicLossScale', 'start', start)
    requireWhole('DynamicLossScale', 'growthSteps', growthSteps, 1)
    this.#growthSteps = growthSteps
    this.#state = { scale: start, goodSteps: 0 }
  }

  /** The factor that holds now. */
  get scale(): number {
    return this.#state.scale
  }

  /**
   * Takes whether the gradients of a step were finite.
   * @throws {SurprisalError} `argument` when the scale would fall below 1: then it is not the scale that overflows
   */
  update(areFinite: boolean): void {
    const state = this.#state
    if (!areFinite) {
      if (state.scale < 2)
        throw new SurprisalError('argument', 'DynamicLossScale: gradients must be finite at scale 1, got others')
      state.scale /= 2
      state.goodSteps = 0
    } else if (++state.goodSteps === this.#growthSteps) {
      state.scale *= 2
      state.goodSteps = 0
    }
  }

  /** A copy of the state. */
  stateDict(): LossScaleState {
    return { ...this.#state }
  }

  /** Goes on from a state. */
  loadStateDict(state: Readonly<LossScaleState>): void {
    this.#state = { ...state }
  }
}
