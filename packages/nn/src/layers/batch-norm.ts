import {
  Buffer,
  Module,
  ones,
  Parameter,
  SurprisalError,
  type Tensor,
  type TensorLike,
  tensor,
  zeros,
} from '@surprisal/tensor'
import { positional, requireTensor, tensorOf } from '../_shared/positional.ts'
import { requireNonNegative, requireWhole } from '../_shared/require.ts'

/** Options of {@link batchNorm}. */
export interface BatchNormOptions {
  /** Normalise by the batch, and move the running values. @default false */
  training?: boolean
  /** Share of the batch in the running values. @default 0.1 */
  momentum?: number
  /** Added to the variance. @default 1e-5 */
  eps?: number
}

/** What {@link batchNorm} gives. */
export interface BatchNormOutput {
  output: Tensor
  /** Moved while training, otherwise as they were. */
  runningMean: Tensor
  runningVar: Tensor
}

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias for each channel: while training with the mean and the biased
 * variance of the batch, otherwise with the running ones, into which the unbiased variance goes.
 * @param x float [B, C, ...]
 * @param runningMean [C]
 * @param runningVar [C]
 * @param weight [C]; left out or null: 1
 * @param bias [C]; left out or null: 0
 * @throws {SurprisalError} `shape` where these do not fit, `argument` while training with one value per channel
 * @see Ioffe and Szegedy, "Batch Normalization", 2015
 */
export function batchNorm(
  x: TensorLike,
  runningMean: TensorLike,
  runningVar: TensorLike,
  weight?: TensorLike | BatchNormOptions | null,
  bias?: TensorLike | BatchNormOptions | null,
  options?: BatchNormOptions,
): BatchNormOutput {
  const given = positional<BatchNormOptions>('batchNorm', [weight, bias, options], ['weight', 'bias'])
  const [w, b] = given.tensors
  const { training = false, momentum = 0.1, eps = 1e-5 } = given.options
  requireTensor('batchNorm', 'x', x)
  requireNonNegative('batchNorm', 'eps', eps)
  const t = tensorOf(x)
  const channels = t.shape[1]
  if (t.shape.length < 2)
    throw new SurprisalError('shape', `batchNorm: x must be [batch, channels, ...], got [${t.shape.join(', ')}]`)
  for (const [name, each] of Object.entries({ runningMean, runningVar, weight: w, bias: b }))
    if (each && (each.shape.length !== 1 || each.shape[0] !== channels))
      throw new SurprisalError('shape', `batchNorm: ${name} must be [${channels}], got [${each.shape.join(', ')}]`)
  const perChannel = (each: TensorLike): Tensor => tensorOf(each).reshape([channels, ...t.shape.slice(2).map(() => 1)])
  const scale = (normal: Tensor): Tensor => {
    const scaled = w ? normal.mul(perChannel(w)) : normal
    return b ? scaled.add(perChannel(b)) : scaled
  }
  const [mean, variance] = [tensorOf(runningMean), tensorOf(runningVar)]
  if (!training) {
    const normal = t.sub(perChannel(mean)).mul(perChannel(variance).add(eps).rsqrt())
    return { output: scale(normal), runningMean: mean, runningVar: variance }
  }
  const count = t.size / channels
  if (count < 2)
    throw new SurprisalError(
      'argument',
      `batchNorm: training needs more than 1 value per channel, got shape [${t.shape.join(', ')}]`,
    )
  const dim = t.shape.flatMap((_, d) => (d === 1 ? [] : [d]))
  const batchMean = t.mean({ dim, keepdim: true })
  const centred = t.sub(batchMean)
  const batchVar = centred.square().mean({ dim, keepdim: true })
  const move = (running: Tensor, batch: Tensor): Tensor =>
    running.mul(1 - momentum).add(batch.detach().reshape([channels]).mul(momentum))
  return {
    output: scale(centred.mul(batchVar.add(eps).rsqrt())),
    runningMean: move(mean, batchMean),
    runningVar: move(variance, batchVar.mul(count / (count - 1))),
  }
}

/** Options of {@link BatchNorm1d} and {@link BatchNorm2d}. */
export interface BatchNormModuleOptions {
  /** @default 1e-5 */
  eps?: number
  /** @default 0.1 */
  momentum?: number
  /** Whether there are a learned scale and shift. @default true */
  affine?: boolean
}

/** {@link batchNorm} with its running values, which move with each forward pass while training. */
class BatchNorm extends Module {
  weight: Parameter | null
  bias: Parameter | null
  runningMean: Buffer
  runningVar: Buffer
  /** int32, rank 0 */
  numBatchesTracked: Buffer
  readonly #ranks: readonly number[]
  readonly #options: { eps: number; momentum: number }

  constructor(name: string, ranks: readonly number[], numFeatures: number, options: BatchNormModuleOptions) {
    super()
    const { eps = 1e-5, momentum = 0.1, affine = true } = options
    requireWhole(name, 'numFeatures', numFeatures, 1)
    this.weight = affine ? new Parameter(ones([numFeatures])) : null
    this.bias = affine ? new Parameter(zeros([numFeatures])) : null
    this.runningMean = new Buffer(zeros([numFeatures]))
    this.runningVar = new Buffer(ones([numFeatures]))
    this.numBatchesTracked = new Buffer(tensor(0, { dtype: 'int32' }))
    this.#ranks = ranks
    this.#options = { eps, momentum }
  }

  override forward(x: TensorLike): Tensor {
    if (!this.#ranks.includes(x.shape.length))
      throw new SurprisalError(
        'shape',
        `${this.constructor.name}: x must have ${this.#ranks.join(' or ')} dims, got [${x.shape.join(', ')}]`,
      )
    const { training } = this
    const options = { ...this.#options, training }
    const { output, runningMean, runningVar } = batchNorm(
      x,
      this.runningMean,
      this.runningVar,
      this.weight,
      this.bias,
      options,
    )
    if (training) {
      this.runningMean.assign(runningMean)
      this.runningVar.assign(runningVar)
      this.numBatchesTracked.assign(this.numBatchesTracked.value.add(1))
    }
    return output
  }
}

/** Batch normalisation of [B, C] or [B, C, L]. */
export class BatchNorm1d extends BatchNorm {
  /** @param numFeatures channels */
  constructor(numFeatures: number, options: BatchNormModuleOptions = {}) {
    super('BatchNorm1d', [2, 3], numFeatures, options)
  }
}

/** Batch normalisation of [B, C, H, W]. */
export class BatchNorm2d extends BatchNorm {
  /** @param numFeatures channels */
  constructor(numFeatures: number, options: BatchNormModuleOptions = {}) {
    super('BatchNorm2d', [4], numFeatures, options)
  }
}
