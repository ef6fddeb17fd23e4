import { type Parameter, type Tensor, zerosLike } from '@surprisal/tensor'
import { requireBetas } from '../_shared/require.ts'
import { Optimizer, type ParameterGroup, type Slots, type StepSettings, type Update } from './optimizer.ts'

/** Options of {@link Lion}. */
export interface LionOptions {
  /** Learning rate; about a tenth of what Adam takes. @default 1e-4 */
  lr?: number
  /** Interpolation for the direction, then for the memory. @default [0.9, 0.99] */
  betas?: readonly [number, number]
  /** Decay taken from the weights. @default 0 */
  weightDecay?: number
}

/**
 * Lion: p = p (1 - lr wd) - lr sign(b1 m + (1 - b1) g), then m = b2 m + (1 - b2) g.
 * @see Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023
 */
export class Lion extends Optimizer {
  readonly #betas: readonly [number, number]

  /** @throws {SurprisalError} `argument` for a negative lr or decay, or betas outside of [0, 1) */
  constructor(params: readonly Parameter[] | readonly ParameterGroup[], options: LionOptions = {}) {
    const { lr = 1e-4, betas = [0.9, 0.99], weightDecay = 0 } = options
    super(params, { lr, weightDecay })
    requireBetas(this.name, betas)
    this.#betas = betas
  }

  override get name(): string {
    return 'Lion'
  }

  protected override initialSlots(value: Tensor): Slots {
    return { m: zerosLike(value) }
  }

  protected override update(value: Tensor, grad: Tensor, { m }: Slots, settings: StepSettings): Update {
    const { lr, weightDecay } = settings
    const [beta1, beta2] = this.#betas
    const direction = m
      .mul(beta1)
      .add(grad.mul(1 - beta1))
      .sign()
    return {
      value: value.mul(1 - lr * weightDecay).sub(direction.mul(lr)),
      slots: { m: m.mul(beta2).add(grad.mul(1 - beta2)) },
    }
  }
}
