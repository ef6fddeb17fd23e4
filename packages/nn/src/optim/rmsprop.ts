import { type Parameter, type Tensor, zerosLike } from '@surprisal/tensor'
import { requireNonNegative } from '../_shared/require.ts'
import { Optimizer, type ParameterGroup, type Slots, type StepSettings, type Update } from './optimizer.ts'

/** Options of {@link RMSprop}. */
export interface RMSpropOptions {
  /** Learning rate. @default 1e-2 */
  lr?: number
  /** Decay of the average of the squared gradient. @default 0.99 */
  alpha?: number
  /** Added to the root of that average. @default 1e-8 */
  eps?: number
  /** Added to the gradient times the weight. @default 0 */
  weightDecay?: number
  /** Share of the step before that is kept. @default 0 */
  momentum?: number
}

/**
 * RMSprop: v = a v + (1 - a) g^2, p -= lr g / (sqrt(v) + eps), with optional momentum.
 * @see Hinton, "Neural Networks for Machine Learning", lecture 6, 2012
 */
export class RMSprop extends Optimizer {
  readonly #alpha: number
  readonly #eps: number
  readonly #momentum: number

  /** @throws {SurprisalError} `argument` for a negative option */
  constructor(params: readonly Parameter[] | readonly ParameterGroup[], options: RMSpropOptions = {}) {
    const { lr = 1e-2, alpha = 0.99, eps = 1e-8, weightDecay = 0, momentum = 0 } = options
    super(params, { lr, weightDecay })
    requireNonNegative(this.name, 'alpha', alpha)
    requireNonNegative(this.name, 'eps', eps)
    requireNonNegative(this.name, 'momentum', momentum)
    this.#alpha = alpha
    this.#eps = eps
    this.#momentum = momentum
  }

  override get name(): string {
    return 'RMSprop'
  }

  protected override initialSlots(value: Tensor): Slots {
    const v = zerosLike(value)
    return this.#momentum === 0 ? { v } : { v, momentum: zerosLike(value) }
  }

  protected override update(value: Tensor, gradient: Tensor, slots: Slots, settings: StepSettings): Update {
    const { lr, weightDecay } = settings
    const grad = weightDecay === 0 ? gradient : gradient.add(value.mul(weightDecay))
    const v = slots.v.mul(this.#alpha).add(grad.square().mul(1 - this.#alpha))
    const scaled = grad.div(v.sqrt().add(this.#eps))
    if (this.#momentum === 0) return { value: value.sub(scaled.mul(lr)), slots: { v } }
    const momentum = slots.momentum.mul(this.#momentum).add(scaled)
    return { value: value.sub(momentum.mul(lr)), slots: { v, momentum } }
  }
}
