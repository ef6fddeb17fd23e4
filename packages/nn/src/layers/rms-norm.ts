import { Module, ones, Parameter, SurprisalError, type Tensor, type TensorLike, zeros } from '@surprisal/tensor'
import { requireTensor, tensorOf } from '../_shared/positional.ts'
import { requireNonNegative } from '../_shared/require.ts'

/** Options of {@link rmsNorm}. */
export interface RmsNormOptions {
  /** Added to the mean of squares. @default 1e-6 */
  eps?: number
  /** Added to the weight: 1 where weights are stored as differences from it (Gemma). @default 0 */
  weightOffset?: number
}

/**
 * x / sqrt(mean(x^2) + eps) * (weight + weightOffset) over the last dim, computed in float32.
 * @param x float [..., D]
 * @param weight [D]
 * @returns of x's shape and dtype
 * @throws {SurprisalError} `shape` unless the weight is [D], `argument` for a negative eps
 * @see Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019
 */
export function rmsNorm(x: TensorLike, weight: TensorLike, options: RmsNormOptions = {}): Tensor {
  requireTensor('rmsNorm', 'x', x)
  requireTensor('rmsNorm', 'weight', weight)
  const { eps = 1e-6, weightOffset = 0 } = options
  requireNonNegative('rmsNorm', 'eps', eps)
  const [t, w] = [x, weight].map(tensorOf) as [Tensor, Tensor]
  const size = t.shape[t.shape.length - 1]
  if (t.shape.length === 0 || w.shape.length !== 1 || w.shape[0] !== size)
    throw new SurprisalError('shape', `rmsNorm: weight must have shape [${size}], got [${w.shape.join(', ')}]`)
  const wide = t.cast('float32')
  const scale = wide.square().mean({ dim: -1, keepdim: true }).add(eps).rsqrt()
  const scaled = wide.mul(scale).mul(weightOffset === 0 ? w : w.add(weightOffset))
  return scaled.cast(t.dtype)
}

/** Normalisation by the root of the mean square, with a learned scale. */
export class RMSNorm extends Module {
  /** [size] */
  weight: Parameter
  readonly #options: RmsNormOptions

  constructor(size: number, options: RmsNormOptions = {}) {
    super()
    this.weight = new Parameter(options.weightOffset === 1 ? zeros([size]) : ones([size]))
    this.#options = options
  }

  /** @param x float [..., size] */
  override forward(x: TensorLike): Tensor {
    return rmsNorm(x, this.weight, this.#options)
  }
}
