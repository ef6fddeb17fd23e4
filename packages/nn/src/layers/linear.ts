import {
  linear as linearOp,
  Module,
  Parameter,
  type RandomKey,
  SurprisalError,
  splitKey,
  type Tensor,
  type TensorLike,
  uniform,
} from '@surprisal/tensor'
import { positional, requireTensor } from '../_shared/positional.ts'
import { requireWhole } from '../_shared/require.ts'
import { kaimingUniform } from '../init/init.ts'

/**
 * x W^T + b over the last dim.
 * @param input [..., inFeatures]
 * @param weight [outFeatures, inFeatures]
 * @param bias [outFeatures]; left out or null: none
 * @returns [..., outFeatures]
 * @throws {SurprisalError} `shape` when the last dim is not inFeatures
 */
export function linear(input: TensorLike, weight: TensorLike, bias?: TensorLike | object | null): Tensor {
  requireTensor('linear', 'input', input)
  requireTensor('linear', 'weight', weight)
  const [given] = positional('linear', [bias], ['bias']).tensors
  const inFeatures = weight.shape[1]
  if (weight.shape.length !== 2)
    throw new SurprisalError(
      'shape',
      `linear: weight must be [outFeatures, inFeatures], got shape [${weight.shape.join(', ')}]`,
    )
  if (input.shape[input.shape.length - 1] !== inFeatures)
    throw new SurprisalError(
      'shape',
      `linear: input must end in inFeatures = ${inFeatures}, got shape [${input.shape.join(', ')}]`,
    )
  return linearOp(input, weight, given ?? undefined)
}

/** Options of {@link Linear}. */
export interface LinearOptions {
  /** Key of the initial weights, or its seed. */
  key: RandomKey | number
  /** Whether there is a bias. @default true */
  bias?: boolean
}

/** A linear map with learned weight and bias, both uniform in +-1/sqrt(inFeatures) at first. */
export class Linear extends Module {
  /** [outFeatures, inFeatures] */
  weight: Parameter
  /** [outFeatures], or null */
  bias: Parameter | null

  /** @throws {SurprisalError} `argument` unless both sizes are whole numbers from 1 */
  constructor(inFeatures: number, outFeatures: number, { key, bias = true }: LinearOptions) {
    super()
    requireWhole('Linear', 'inFeatures', inFeatures, 1)
    requireWhole('Linear', 'outFeatures', outFeatures, 1)
    const [weightKey, biasKey] = splitKey(key)
    this.weight = new Parameter(kaimingUniform(weightKey, [outFeatures, inFeatures], { a: Math.sqrt(5) }))
    const bound = 1 / Math.sqrt(inFeatures)
    this.bias = bias ? new Parameter(uniform(biasKey, [outFeatures], { min: -bound, max: bound })) : null
  }

  /**
   * @param input [..., inFeatures]
   * @returns [..., outFeatures]
   */
  override forward(input: TensorLike): Tensor {
    return linear(input, this.weight, this.bias)
  }
}
