import { type Parameter, SurprisalError, type Tensor, zerosLike } from '@surprisal/tensor'
import { requireNonNegative } from '../_shared/require.ts'
import { Optimizer, type ParameterGroup, type Slots, type StepSettings, type Update } from './optimizer.ts'

/** Options of {@link SGD}. */
export interface SGDOptions {
  /** Learning rate. @default 1e-3 */
  lr?: number
  /** Share of the step before that is kept. @default 0 */
  momentum?: number
  /** Share of the gradient that is held back; the first step has none. @default 0 */
  dampening?: number
  /** Look ahead along the momentum. @default false */
  nesterov?: boolean
  /** Added to the gradient times the weight. @default 0 */
  weightDecay?: number
}

/** Stochastic gradient descent: g += wd p, b = momentum b + (1 - dampening) g, p -= lr b (or g + momentum b). */
export class SGD extends Optimizer {
  readonly #momentum: number
  readonly #dampening: number
  readonly #nesterov: boolean

  /** @throws {SurprisalError} `argument` for a negative option, or nesterov without momentum or with dampening */
  constructor(params: readonly Parameter[] | readonly ParameterGroup[], options: SGDOptions = {}) {
    const { lr = 1e-3, momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options
    super(params, { lr, weightDecay })
    requireNonNegative(this.name, 'momentum', momentum)
    requireNonNegative(this.name, 'dampening', dampening)
    if (nesterov && (momentum === 0 || dampening !== 0))
      throw new SurprisalError(
        'argument',
        `SGD: nesterov must go with momentum and no dampening, got momentum ${momentum} and dampening ${dampening}`,
      )
    this.#momentum = momentum
    this.#dampening = dampening
    this.#nesterov = nesterov
  }

  override get name(): string {
    return 'SGD'
  }

  protected override initialSlots(value: Tensor): Slots {
    return this.#momentum === 0 ? {} : { momentum: zerosLike(value) }
  }

  protected override update(value: Tensor, gradient: Tensor, slots: Slots, settings: StepSettings): Update {
    const { lr, weightDecay, step } = settings
    const grad = weightDecay === 0 ? gradient : gradient.add(value.mul(weightDecay))
    if (this.#momentum === 0) return { value: value.sub(grad.mul(lr)), slots }
    const fresh = step === 1 ? grad : grad.mul(1 - this.#dampening)
    const momentum = slots.momentum.mul(this.#momentum).add(fresh)
    const direction = this.#nesterov ? grad.add(momentum.mul(this.#momentum)) : momentum
    return { value: value.sub(direction.mul(lr)), slots: { momentum } }
  }
}
