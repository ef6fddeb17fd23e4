import { linear as linearOp, Module, Parameter, type RandomKey, splitKey, SurprisalError, type Tensor, type TensorLike, uniform } from '@surprisal/tensor'
import { positional } from '../_shared/positional.ts'
import { kaimingUniform } from '../init/init.ts'

/**
 * x W^T + b over the last dim.
 * @param input [..., inFeatures]
 * @param weight [outFeatures, inFeatures]
 * @param bias [outFeatures]
 * @throws {SurprisalError} `shape` when the last dim is not inFeatures
 */
export function linear(input: Tensor, weight: TensorLike, bias?: TensorLike | object | null): Tensor {
  const [given] = positional([bias], 1).tensors
  const inFeatures = weight.shape[1]
  if (input.shape[input.ndim - 1] !== inFeatures)
    throw new SurprisalError('shape', `linear: input must end in inFeatures = ${inFeatures}, got shape [${input.shape.join(', ')}]`)
  return linearOp(input, weight, given ?? undefined)
}

/** Options of {@link Linear}. */
export interface LinearOptions {
  /** Key of the initial weights. */
  key: RandomKey
  /** @default true */
  bias?: boolean
}

/** A linear map with learned weight and bias, both uniform in +-1/sqrt(inFeatures) at first. */
export class Linear extends Module {
  weight: Parameter
  bias: Parameter | null

  constructor(inFeatures: number, outFeatures: number, { key, bias = true }: LinearOptions) {
    super()
    const [weightKey, biasKey] = splitKey(key)
    this.weight = new Parameter(kaimingUniform(weightKey, [outFeatures, inFeatures], { a: Math.sqrt(5) }))
    const bound = 1 / Math.sqrt(Math.max(1, inFeatures))
    this.bias = bias ? new Parameter(uniform(biasKey, [outFeatures], { min: -bound, max: bound })) : null
  }

  /** @param input [..., inFeatures] */
  override forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias)
  }
}
