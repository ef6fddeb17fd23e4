import { type Parameter, type Tensor, zerosLike } from '@surprisal/tensor'
import { requireBetas, requireNonNegative } from '../_shared/require.ts'
import { Optimizer, type ParameterGroup, type Slots, type StepSettings, type Update } from './optimizer.ts'

/** Options of {@link Adam} and {@link AdamW}. */
export interface AdamOptions {
  /** Learning rate. @default 1e-3 */
  lr?: number
  /** Decay of the averages of the gradient and of its square. @default [0.9, 0.999] */
  betas?: readonly [number, number]
  /** Added to the root of the second average. @default 1e-8 */
  eps?: number
  /** For Adam added to the gradient (default 0), for AdamW taken from the weight (default 0.01). */
  weightDecay?: number
  /** Divide by the largest second average so far. @default false */
  amsgrad?: boolean
}

/**
 * Adam: steps scaled by running averages of the gradient and of its square.
 *
 * m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, p -= lr / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + eps)
 *
 * @see Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015
 */
export class Adam extends Optimizer {
  readonly #betas: readonly [number, number]
  readonly #eps: number
  readonly #amsgrad: boolean

  /** @throws {SurprisalError} `argument` for a negative lr, eps or decay, or betas outside of [0, 1) */
  constructor(params: readonly Parameter[] | readonly ParameterGroup[], options: AdamOptions = {}) {
    const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0, amsgrad = false } = options
    super(params, { lr, weightDecay })
    requireBetas(this.name, betas)
    requireNonNegative(this.name, 'eps', eps)
    this.#betas = betas
    this.#eps = eps
    this.#amsgrad = amsgrad
  }

  override get name(): string {
    return 'Adam'
  }

  protected override initialSlots(value: Tensor): Slots {
    const slots = { m: zerosLike(value), v: zerosLike(value) }
    return this.#amsgrad ? { ...slots, largest: zerosLike(value) } : slots
  }

  /** Where the decay goes: Adam adds it to the gradient. */
  protected decay(value: Tensor, grad: Tensor, { weightDecay }: StepSettings): { value: Tensor; grad: Tensor } {
    return weightDecay === 0 ? { value, grad } : { value, grad: grad.add(value.mul(weightDecay)) }
  }

  protected override update(start: Tensor, gradient: Tensor, slots: Slots, settings: StepSettings): Update {
    const [beta1, beta2] = this.#betas
    const { value, grad } = this.decay(start, gradient, settings)
    const m = slots.m.mul(beta1).add(grad.mul(1 - beta1))
    const v = slots.v.mul(beta2).add(grad.square().mul(1 - beta2))
    const largest = this.#amsgrad ? slots.largest.maximum(v) : v
    const scale = settings.lr / (1 - beta1 ** settings.step)
    const root = largest
      .sqrt()
      .mul(1 / Math.sqrt(1 - beta2 ** settings.step))
      .add(this.#eps)
    const next: Slots = this.#amsgrad ? { m, v, largest } : { m, v }
    return { value: value.sub(m.div(root).mul(scale)), slots: next }
  }
}

/**
 * Adam with decay taken from the weights and not from the gradient.
 * @see Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019
 */
export class AdamW extends Adam {
  /** @throws {SurprisalError} as {@link Adam} does */
  constructor(params: readonly Parameter[] | readonly ParameterGroup[], options: AdamOptions = {}) {
    super(params, { ...options, weightDecay: options.weightDecay ?? 0.01 })
  }

  override get name(): string {
    return 'AdamW'
  }

  protected override decay(
    value: Tensor,
    grad: Tensor,
    { lr, weightDecay }: StepSettings,
  ): { value: Tensor; grad: Tensor } {
    return { value: weightDecay === 0 ? value : value.mul(1 - lr * weightDecay), grad }
  }
}
