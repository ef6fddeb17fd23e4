import {
  add,
  foldIn,
  gradients,
  isfinite,
  isTensor,
  type Module,
  mul,
  Parameter,
  type RandomKey,
  randomKey,
  realize,
  SurprisalError,
  scope,
  stack,
  type Tensor,
} from '@surprisal/tensor'
import { describe } from '../_shared/positional.ts'
import { clipGradNorm } from '../optim/clip.ts'
import type { EMA } from '../optim/ema.ts'
import type { TrainingOptimizer } from '../optim/optimizer.ts'
import type { BatchSource } from './batches.ts'
import { DynamicLossScale } from './loss-scale.ts'

/** A loss and what it was taken of. */
export interface BatchLoss {
  /** Rank 0. */
  loss: Tensor
  /** Tokens of which the loss is the mean: parts of an accumulated step then weigh by them. */
  tokens?: number
  /** For the speed that is shown. */
  samples?: number
}

/** What a loss function may depend on besides model and batch. */
export interface BatchContext {
  /** Steps done before this one. */
  step: number
  /** Number of the batch in the whole training. */
  batch: number
  /** Random key of the batch: a training that is resumed draws the same numbers. */
  key: RandomKey
}

/** The loss of a batch. It must not read tensors. */
export type LossFunction<M extends Module, B> = (model: M, batch: B, context: BatchContext) => Tensor | BatchLoss

/** What moves when a step is made. */
export interface StepParts<M extends Module, B> {
  model: M
  loss: LossFunction<M, B>
  source: BatchSource<B>
  optimizer: TrainingOptimizer
  ema: EMA | null
  gradAccumulation: number
  clipNorm: number | null
  lossScale: number | DynamicLossScale
  seed: number
}

/** What one step came to. */
export interface StepReport {
  loss: number
  gradNorm: number | null
  skipped: boolean
  samples: number
  tokens: number
}

/** Steps of a training: batches to losses to gradients to new weights. */
export class TrainingStep<M extends Module, B> {
  readonly #parts: StepParts<M, B>
  readonly #key: RandomKey
  /** Sums of the gradients of several batches, by parameter. */
  readonly #sums: (Parameter | null)[]

  constructor(parts: StepParts<M, B>) {
    this.#parts = parts
    this.#key = randomKey(parts.seed)
    this.#sums = parts.optimizer.params.map(() => null)
  }

  /** Makes the step after `step` steps at a learning rate; undefined: those of the optimiser's groups. */
  run(step: number, lr: number | undefined): Promise<StepReport> {
    const { gradAccumulation, lossScale } = this.#parts
    const isPlain = gradAccumulation === 1 && !(lossScale instanceof DynamicLossScale)
    return isPlain ? this.#atOnce(step, lr) : this.#accumulated(step, lr)
  }

  /** The loss of a batch, and its gradients times the scale of the loss. */
  #forward(step: number, index: number): { given: Required<BatchLoss>; grads: (Tensor | null)[] } {
    const { model, loss, source, optimizer, lossScale } = this.#parts
    const batch = source.batch(index)
    if (batch instanceof Promise)
      throw new SurprisalError('argument', 'fit: data must give a batch at once, got a promise; wait in load')
    const given = lossOf(loss(model, batch, { step, batch: index, key: foldIn(this.#key, index) }))
    const scale = typeof lossScale === 'number' ? lossScale : lossScale.scale
    const scaled = scale === 1 ? given.loss : given.loss.mul(scale)
    return { given, grads: gradients(scaled, optimizer.params, { allowUnused: true }) }
  }

  /** Clips, and moves the weights and their averages, lazily. */
  #move(grads: (Tensor | null)[], lr: number | undefined): Tensor | null {
    const { optimizer, ema, clipNorm } = this.#parts
    const clipped = clipNorm === null ? null : clipGradNorm(grads, { maxNorm: clipNorm })
    optimizer.step(clipped?.grads ?? grads, { lr })
    ema?.update()
    return clipped?.totalNorm ?? null
  }

  async #settle(...tensors: Tensor[]): Promise<void> {
    const { optimizer, ema } = this.#parts
    await optimizer.settle(...tensors, ...(ema?.cells ?? []), ...this.#buffers())
  }

  /** What the forward pass may have moved: left lazy, it would hold the graphs of all steps so far. */
  #buffers(): Parameter[] {
    return this.#parts.model.namedBuffers().map(([, buffer]) => buffer)
  }

  async #atOnce(step: number, lr: number | undefined): Promise<StepReport> {
    const { source, lossScale } = this.#parts
    await source.load?.(step)
    const { loss, norm, samples, tokens } = scope(() => {
      const { given, grads } = this.#forward(step, step)
      const norm = this.#move(scaledBy(grads, 1 / (lossScale as number)), lr)
      return { ...given, norm }
    })
    await this.#settle(loss, ...(norm ? [norm] : []))
    return { loss: await taken(loss), gradNorm: norm && (await taken(norm)), skipped: false, samples, tokens }
  }

  async #accumulated(step: number, lr: number | undefined): Promise<StepReport> {
    const { source, gradAccumulation, lossScale } = this.#parts
    const report = { loss: 0, samples: 0, tokens: 0 }
    const present = new Set<number>()
    let weights = 0
    for (let part = 0; part < gradAccumulation; part++) {
      const index = step * gradAccumulation + part
      await source.load?.(index)
      const { loss, samples, tokens } = scope(() => {
        const { given, grads } = this.#forward(step, index)
        this.#accumulate(grads, given.tokens || 1, present)
        return given
      })
      await realize(loss, ...this.#present(present), ...this.#buffers())
      const weight = tokens || 1
      weights += weight
      report.loss += weight * (await taken(loss))
      report.samples += samples
      report.tokens += tokens
    }
    const scale = typeof lossScale === 'number' ? lossScale : lossScale.scale
    const isGood = typeof lossScale === 'number' || (await areFinite(this.#present(present)))
    if (typeof lossScale !== 'number') lossScale.update(isGood)
    let gradNorm: number | null = null
    if (isGood) {
      const norm = scope(() => {
        const factor = 1 / (weights * scale)
        return this.#move(
          this.#sums.map((sum, i) => (sum && present.has(i) ? mul(sum, factor) : null)),
          lr,
        )
      })
      await this.#settle(...(norm ? [norm] : []))
      gradNorm = norm && (await taken(norm))
    }
    return { ...report, loss: report.loss / weights, gradNorm, skipped: !isGood }
  }

  #present(present: ReadonlySet<number>): Parameter[] {
    return this.#sums.filter((sum, i): sum is Parameter => sum !== null && present.has(i))
  }

  #accumulate(grads: readonly (Tensor | null)[], weight: number, present: Set<number>): void {
    grads.forEach((grad, i) => {
      if (!grad) return
      const term = weight === 1 ? grad : grad.mul(weight)
      const sum = this.#sums[i]
      if (sum) sum.assign(present.has(i) ? add(sum, term) : term)
      else this.#sums[i] = new Parameter(term, { requiresGrad: false })
      present.add(i)
    })
  }
}

function lossOf(result: Tensor | BatchLoss): Required<BatchLoss> {
  const given = isTensor(result) ? { loss: result } : result
  if (!isTensor(given?.loss))
    throw new SurprisalError('argument', `fit: loss must give a tensor, got ${describe(given?.loss ?? given)}`)
  return { tokens: 0, samples: 0, ...given }
}

const scaledBy = (grads: (Tensor | null)[], factor: number): (Tensor | null)[] =>
  factor === 1 ? grads : grads.map(grad => grad?.mul(factor) ?? null)

/** Reads a number that is then no longer needed. */
async function taken(x: Tensor): Promise<number> {
  const value = (await x.item()) as number
  x.dispose()
  return value
}

/** Whether every element is a finite number. */
export async function areFinite(cells: readonly Parameter[]): Promise<boolean> {
  if (cells.length === 0) return true
  const answer = scope(() => stack(cells.map(cell => isfinite(cell).all())).all())
  const value = await answer.item()
  answer.dispose()
  return Boolean(value)
}
