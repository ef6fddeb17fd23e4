import { layerNorm as layerNormOp, Module, ones, Parameter, type Tensor, type TensorLike, zeros } from '@surprisal/tensor'
import { positional } from '../_shared/positional.ts'

/** Options of {@link layerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance. @default 1e-5 */
  eps?: number
  /** Dims to normalise over, counted from the end. @default the weight's shape, or the last dim */
  normalizedShape?: readonly number[]
}

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias over the trailing dims, with the biased variance.
 * @see Ba, Kiros and Hinton, "Layer Normalization", 2016
 */
export function layerNorm(
  x: Tensor,
  weight?: TensorLike | LayerNormOptions | null,
  bias?: TensorLike | LayerNormOptions | null,
  options?: LayerNormOptions,
): Tensor {
  const { tensors, options: given } = positional<LayerNormOptions>([weight, bias, options], 2)
  const shape = given.normalizedShape ?? tensors[0]?.shape ?? x.shape.slice(-1)
  return layerNormOp(x, [...shape], tensors[0] ?? undefined, tensors[1] ?? undefined, { eps: given.eps ?? 1e-5 })
}

/** Layer normalisation with a learned scale (1 at first) and shift (0 at first). */
export class LayerNorm extends Module {
  weight: Parameter
  bias: Parameter
  readonly #eps: number

  constructor(normalizedShape: number | readonly number[], { eps = 1e-5 }: { eps?: number } = {}) {
    super()
    const shape = typeof normalizedShape === 'number' ? [normalizedShape] : [...normalizedShape]
    this.weight = new Parameter(ones(shape))
    this.bias = new Parameter(zeros(shape))
    this.#eps = eps
  }

  override forward(x: Tensor): Tensor {
    return layerNorm(x, this.weight, this.bias, { eps: this.#eps })
  }
}
