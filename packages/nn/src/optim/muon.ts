import { type Parameter, SurprisalError, type Tensor, zerosLike } from '@surprisal/tensor'
import { requireNonNegative, requireOneOf, requireWhole } from '../_shared/require.ts'
import { Optimizer, type ParameterGroup, type Slots, type StepSettings, type Update } from './optimizer.ts'

/** Options of {@link Muon}. */
export interface MuonOptions {
  /** Learning rate. @default 0.02 */
  lr?: number
  /** Share of the step before that is kept. @default 0.95 */
  momentum?: number
  /** Look ahead along the momentum. @default true */
  nesterov?: boolean
  /** Newton-Schulz iterations. @default 5 */
  nsSteps?: number
  /** Decay taken from the weights. @default 0 */
  weightDecay?: number
  /** Scale of the update: sqrt(max(1, rows / columns)), or AdamW's root mean square. @default 'original' */
  adjustLr?: 'original' | 'matchRmsAdamw'
}

/**
 * Muon: the momentum of a matrix, orthogonalised by a Newton-Schulz iteration. Convolution weights count as
 * [out, rest]; embeddings, heads and vectors belong to AdamW.
 * @see Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024
 */
export class Muon extends Optimizer {
  readonly #options: Required<Omit<MuonOptions, 'lr' | 'weightDecay'>>

  /** @throws {SurprisalError} `shape` for a parameter with fewer than 2 dimensions, `argument` for a wrong option */
  constructor(params: readonly Parameter[] | readonly ParameterGroup[], options: MuonOptions = {}) {
    const { lr = 0.02, momentum = 0.95, nesterov = true, nsSteps = 5, weightDecay = 0, adjustLr = 'original' } = options
    super(params, { lr, weightDecay })
    requireNonNegative(this.name, 'momentum', momentum)
    requireWhole(this.name, 'nsSteps', nsSteps, 1)
    requireOneOf(this.name, 'adjustLr', adjustLr, ['original', 'matchRmsAdamw'])
    for (const param of this.params)
      if (param.shape.length < 2)
        throw new SurprisalError(
          'shape',
          `Muon: params must have at least 2 dimensions, got shape [${param.shape.join(', ')}]`,
        )
    this.#options = { momentum, nesterov, nsSteps, adjustLr }
  }

  override get name(): string {
    return 'Muon'
  }

  protected override get elementwise(): boolean {
    return false
  }

  protected override initialSlots(value: Tensor): Slots {
    return { momentum: zerosLike(value) }
  }

  protected override update(value: Tensor, grad: Tensor, slots: Slots, settings: StepSettings): Update {
    const { momentum: mu, nesterov, nsSteps, adjustLr } = this.#options
    const { lr, weightDecay } = settings
    const momentum = slots.momentum.mul(mu).add(grad.mul(1 - mu))
    const direction = nesterov ? grad.mul(1 - mu).add(momentum.mul(mu)) : momentum
    const rows = value.shape[0]
    const columns = value.size / Math.max(1, rows)
    const scale =
      adjustLr === 'original' ? Math.sqrt(Math.max(1, rows / columns)) : 0.2 * Math.sqrt(Math.max(rows, columns))
    const step = orthogonalize(direction.reshape([rows, columns]), nsSteps).reshape(value.shape)
    return { value: value.mul(1 - lr * weightDecay).sub(step.mul(lr * scale)), slots: { momentum } }
  }
}

/** Singular values driven towards 1 by a quintic iteration. */
function orthogonalize(matrix: Tensor, steps: number): Tensor {
  const tall = matrix.shape[0] > matrix.shape[1]
  const start = tall ? matrix.transpose(0, 1) : matrix
  let x = start.div(start.norm().add(1e-7))
  for (let i = 0; i < steps; i++) {
    const a = x.matmul(x.transpose(0, 1))
    const b = a.mul(-4.775).add(a.matmul(a).mul(2.0315))
    x = x.mul(3.4445).add(b.matmul(x))
  }
  return tall ? x.transpose(0, 1) : x
}
