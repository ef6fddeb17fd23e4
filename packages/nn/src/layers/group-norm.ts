import { Module, ones, Parameter, SurprisalError, type Tensor, type TensorLike, zeros } from '@surprisal/tensor'
import { positional, requireTensor, tensorOf } from '../_shared/positional.ts'
import { requireDivisor, requireWhole } from '../_shared/require.ts'

/** Options of {@link groupNorm}. */
export interface GroupNormOptions {
  /** Groups that the channels are split into. */
  numGroups: number
  /** Added to the variance. @default 1e-5 */
  eps?: number
}

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias over each group of channels of a sample.
 * @param x float [B, C, ...]
 * @param weight [C]; null: 1
 * @param bias [C]; null: 0
 * @throws {SurprisalError} `argument` unless numGroups divides C, `shape` where weight or bias do not fit
 * @see Wu and He, "Group Normalization", 2018
 */
export function groupNorm(
  x: TensorLike,
  weight: TensorLike | GroupNormOptions | null,
  bias?: TensorLike | GroupNormOptions | null,
  options?: GroupNormOptions,
): Tensor {
  requireTensor('groupNorm', 'x', x)
  const given = positional<GroupNormOptions>('groupNorm', [weight, bias, options], ['weight', 'bias'])
  const { numGroups = Number.NaN, eps = 1e-5 } = given.options
  requireWhole('groupNorm', 'numGroups', numGroups, 1)
  const t = tensorOf(x)
  const [batch, channels] = t.shape
  if (t.shape.length < 2)
    throw new SurprisalError('shape', `groupNorm: x must be [batch, channels, ...], got [${t.shape.join(', ')}]`)
  requireDivisor('groupNorm', 'numGroups', numGroups, 'channels', channels)
  const grouped = t.reshape([batch, numGroups, t.size / Math.max(1, batch * numGroups)])
  const centred = grouped.sub(grouped.mean({ dim: 2, keepdim: true }))
  const scale = centred.square().mean({ dim: 2, keepdim: true }).add(eps).rsqrt()
  const normal = centred.mul(scale).reshape([...t.shape])
  const [w, b] = given.tensors.map((each, i) => {
    if (!each) return null
    if (each.shape.length !== 1 || each.shape[0] !== channels)
      throw new SurprisalError(
        'shape',
        `groupNorm: ${i ? 'bias' : 'weight'} must be [${channels}], got [${each.shape.join(', ')}]`,
      )
    return tensorOf(each).reshape([channels, ...t.shape.slice(2).map(() => 1)])
  })
  const scaled = w ? normal.mul(w) : normal
  return b ? scaled.add(b) : scaled
}

/** Group normalisation with a learned scale and shift of each channel. */
export class GroupNorm extends Module {
  weight: Parameter
  bias: Parameter
  readonly #options: GroupNormOptions

  /** @throws {SurprisalError} `argument` unless numGroups divides numChannels */
  constructor(numGroups: number, numChannels: number, { eps = 1e-5 }: { eps?: number } = {}) {
    super()
    requireWhole('GroupNorm', 'numGroups', numGroups, 1)
    requireWhole('GroupNorm', 'numChannels', numChannels, 1)
    requireDivisor('GroupNorm', 'numGroups', numGroups, 'numChannels', numChannels)
    this.weight = new Parameter(ones([numChannels]))
    this.bias = new Parameter(zeros([numChannels]))
    this.#options = { numGroups, eps }
  }

  /** @param x float [B, numChannels, ...] */
  override forward(x: TensorLike): Tensor {
    return groupNorm(x, this.weight, this.bias, this.#options)
  }
}
