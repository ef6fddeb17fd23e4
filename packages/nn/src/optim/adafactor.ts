import { maximum, type Parameter, SurprisalError, type Tensor, zeros, zerosLike } from '@surprisal/tensor'
import { requireBetas, requireNonNegative, requirePositive } from '../_shared/require.ts'
import { Optimizer, type ParameterGroup, type Slots, type StepSettings, type Update } from './optimizer.ts'

/** Options of {@link Adafactor}. */
export interface AdafactorOptions {
  /** Fixed learning rate; only with `relativeStep: false`, as is the `lr` of a step. */
  lr?: number
  /** Small numbers for the squared gradient and for the scale of the parameter. @default [1e-30, 1e-3] */
  eps?: readonly [number, number]
  /** Largest root mean square of an update before the learning rate. @default 1 */
  clipThreshold?: number
  /** Exponent of the decay of the second moment, b2 = 1 - t^decayRate. @default -0.8 */
  decayRate?: number
  /** Momentum of the updates; null for none. @default null */
  beta1?: number | null
  /** Decay taken from the weights. @default 0 */
  weightDecay?: number
  /** Learning rate from the step count. @default true */
  relativeStep?: boolean
  /** Multiply the learning rate by the scale of the parameter. @default true */
  scaleParameter?: boolean
  /** Let the relative step grow from 1e-6 t. @default false */
  warmupInit?: boolean
}

/**
 * Adafactor: second moments of a matrix kept as one number per row and one per column.
 * @see Shazeer and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", 2018
 */
export class Adafactor extends Optimizer {
  readonly #options: Required<Omit<AdafactorOptions, 'lr' | 'weightDecay'>>

  /** @throws {SurprisalError} `argument` for a wrong option, an lr with relativeStep, or none without */
  constructor(params: readonly Parameter[] | readonly ParameterGroup[], options: AdafactorOptions = {}) {
    const { lr, weightDecay = 0, relativeStep = true } = options
    super(params, { lr: lr ?? 0, weightDecay })
    const given = lr ?? (params as readonly Partial<ParameterGroup>[]).find(group => group.lr !== undefined)?.lr
    if (relativeStep && given !== undefined)
      throw new SurprisalError('argument', `Adafactor: lr must be left out with relativeStep, got ${given}`)
    if (!relativeStep && lr === undefined)
      throw new SurprisalError('argument', 'Adafactor: lr must be given without relativeStep, got undefined')
    const { eps = [1e-30, 1e-3], clipThreshold = 1, decayRate = -0.8, beta1 = null } = options
    for (const value of eps) requireNonNegative(this.name, 'eps', value)
    requirePositive(this.name, 'clipThreshold', clipThreshold)
    requireNonNegative(this.name, '-decayRate', -decayRate)
    if (beta1 !== null) requireBetas(this.name, [beta1])
    const { scaleParameter = true, warmupInit = false } = options
    this.#options = { eps, clipThreshold, decayRate, beta1, relativeStep, scaleParameter, warmupInit }
  }

  override get name(): string {
    return 'Adafactor'
  }

  protected override get elementwise(): boolean {
    return false
  }

  protected override initialSlots(value: Tensor): Slots {
    const moments: Slots =
      value.ndim < 2
        ? { v: zerosLike(value) }
        : {
            rows: zeros(value.shape.slice(0, -1)),
            columns: zeros([...value.shape.slice(0, -2), value.shape[value.ndim - 1]]),
          }
    return this.#options.beta1 === null ? moments : { ...moments, m: zerosLike(value) }
  }

  #learningRate(value: Tensor, { lr, step }: StepSettings): Tensor | number {
    const { relativeStep, warmupInit, scaleParameter, eps } = this.#options
    const relative = Math.min(warmupInit ? 1e-6 * step : 1e-2, 1 / Math.sqrt(step))
    const rate = relativeStep ? relative : lr
    return scaleParameter ? maximum(rms(value), eps[1]).mul(rate) : rate
  }

  protected override update(value: Tensor, grad: Tensor, slots: Slots, settings: StepSettings): Update {
    const { eps, clipThreshold, decayRate, beta1 } = this.#options
    const rate = this.#learningRate(value, settings)
    const keep = 1 - settings.step ** decayRate
    const energy = grad.square().add(eps[0])
    const average = (old: Tensor, now: Tensor): Tensor => old.mul(keep).add(now.mul(1 - keep))
    const next: Slots = {}
    let scaled: Tensor
    if (value.ndim < 2) {
      next.v = average(slots.v, energy)
      scaled = grad.mul(next.v.rsqrt())
    } else {
      next.rows = average(slots.rows, energy.mean({ dim: -1 }))
      next.columns = average(slots.columns, energy.mean({ dim: -2 }))
      const relative = next.rows.div(next.rows.mean({ dim: -1, keepdim: true })).rsqrt()
      scaled = grad.mul(relative.unsqueeze(-1)).mul(next.columns.rsqrt().unsqueeze(-2))
    }
    let step = scaled.div(maximum(rms(scaled).div(clipThreshold), 1)).mul(rate)
    if (beta1 !== null) {
      next.m = slots.m.mul(beta1).add(step.mul(1 - beta1))
      step = next.m
    }
    const { weightDecay } = settings
    const decayed = weightDecay === 0 ? value : value.sub(value.mul(rate).mul(weightDecay))
    return { value: decayed.sub(step), slots: next }
  }
}

const rms = (x: Tensor): Tensor => x.square().mean().sqrt()
