import {
  layerNorm as layerNormOp,
  Module,
  ones,
  Parameter,
  type Tensor,
  type TensorLike,
  zeros,
} from '@surprisal/tensor'
import { positional, requireTensor } from '../_shared/positional.ts'

/** Options of {@link layerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance. @default 1e-5 */
  eps?: number
  /** Sizes of the trailing dims to normalise over. @default the weight's shape, or the last dim */
  normalizedShape?: readonly number[]
}

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias over the trailing dims, with the biased variance.
 * @param x float, [..., ...normalizedShape]
 * @param weight of normalizedShape; left out or null: 1
 * @param bias of normalizedShape; left out or null: 0
 * @throws {SurprisalError} `shape` where the trailing dims, weight or bias do not fit
 * @see Ba, Kiros and Hinton, "Layer Normalization", 2016
 */
export function layerNorm(
  x: TensorLike,
  weight?: TensorLike | LayerNormOptions | null,
  bias?: TensorLike | LayerNormOptions | null,
  options?: LayerNormOptions,
): Tensor {
  requireTensor('layerNorm', 'x', x)
  const { tensors, options: given } = positional<LayerNormOptions>(
    'layerNorm',
    [weight, bias, options],
    ['weight', 'bias'],
  )
  const shape = given.normalizedShape ?? tensors[0]?.shape ?? x.shape.slice(-1)
  return layerNormOp(x, [...shape], tensors[0] ?? undefined, tensors[1] ?? undefined, { eps: given.eps ?? 1e-5 })
}

/** Layer normalisation with a learned scale (1 at first) and shift (0 at first). */
export class LayerNorm extends Module {
  /** Of normalizedShape. */
  weight: Parameter
  /** Of normalizedShape. */
  bias: Parameter
  readonly #eps: number

  /** @param normalizedShape sizes of the trailing dims, or the size of the last one */
  constructor(normalizedShape: number | readonly number[], { eps = 1e-5 }: { eps?: number } = {}) {
    super()
    const shape = typeof normalizedShape === 'number' ? [normalizedShape] : [...normalizedShape]
    this.weight = new Parameter(ones(shape))
    this.bias = new Parameter(zeros(shape))
    this.#eps = eps
  }

  /** @param x float, [..., ...normalizedShape] */
  override forward(x: TensorLike): Tensor {
    return layerNorm(x, this.weight, this.bias, { eps: this.#eps })
  }
}
