import {
  gelu,
  Module,
  type RandomKey,
  relu,
  SurprisalError,
  silu,
  splitKey,
  type Tensor,
  type TensorLike,
} from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { dropout } from './dropout.ts'
import { Linear, linear } from './linear.ts'

type Activation = 'gelu' | 'relu' | 'silu'

const activations: Readonly<Record<Activation, (x: TensorLike) => Tensor>> = { gelu, relu, silu }

function activationOf(op: string, name: Activation): (x: TensorLike) => Tensor {
  if (!Object.hasOwn(activations, name))
    throw new SurprisalError(
      'argument',
      `${op}: activation must be one of ${Object.keys(activations).join(', ')}, got ${String(name)}`,
    )
  return activations[name]
}

/**
 * down(silu(gate x) * up x).
 * @param x [..., size]
 * @param gate [hidden, size]
 * @param up [hidden, size]
 * @param down [size, hidden]
 * @throws {SurprisalError} `shape` where sizes do not fit
 * @see Shazeer, "GLU Variants Improve Transformer", 2020
 */
export function swiglu(x: TensorLike, gate: TensorLike, up: TensorLike, down: TensorLike): Tensor {
  for (const [name, each] of Object.entries({ x, gate, up, down })) requireTensor('swiglu', name, each)
  return linear(silu(linear(x, gate)).mul(linear(x, up)), down)
}

/**
 * down(gelu(gate x) * up x), with the exact gelu.
 * @param x [..., size]
 * @param gate [hidden, size]
 * @param up [hidden, size]
 * @param down [size, hidden]
 * @throws {SurprisalError} `shape` where sizes do not fit
 * @see Shazeer, "GLU Variants Improve Transformer", 2020
 */
export function geglu(x: TensorLike, gate: TensorLike, up: TensorLike, down: TensorLike): Tensor {
  for (const [name, each] of Object.entries({ x, gate, up, down })) requireTensor('geglu', name, each)
  return linear(gelu(linear(x, gate)).mul(linear(x, up)), down)
}

/** Options of {@link SwiGLU} and {@link GEGLU}. */
export interface GatedOptions {
  /** Key of the initial weights, or its seed. */
  key: RandomKey | number
}

abstract class Gated extends Module {
  gateProj: Linear
  upProj: Linear
  downProj: Linear

  constructor(size: number, hiddenSize: number, { key }: GatedOptions) {
    super()
    const [gate, up, down] = splitKey(key, 3)
    this.gateProj = new Linear(size, hiddenSize, { key: gate, bias: false })
    this.upProj = new Linear(size, hiddenSize, { key: up, bias: false })
    this.downProj = new Linear(hiddenSize, size, { key: down, bias: false })
  }
}

/** {@link swiglu} with learned weights, named as in Llama: [size] to [size] by way of [hiddenSize]. */
export class SwiGLU extends Gated {
  /** @param x [..., size] */
  override forward(x: TensorLike): Tensor {
    return swiglu(x, this.gateProj.weight, this.upProj.weight, this.downProj.weight)
  }
}

/** {@link geglu} with learned weights, named as in Gemma. */
export class GEGLU extends Gated {
  /** @param x [..., size] */
  override forward(x: TensorLike): Tensor {
    return geglu(x, this.gateProj.weight, this.upProj.weight, this.downProj.weight)
  }
}

/** Options of {@link MLP}. */
export interface MlpOptions {
  /** Key of the initial weights, or its seed. */
  key: RandomKey | number
  /** Size of the result. @default that of the input */
  outFeatures?: number
  /** @default 'gelu' */
  activation?: Activation
  /** Probability with which a hidden value is dropped while training. @default 0 */
  dropout?: number
}

/** Two linear maps with an activation between them, named fc1 and fc2. */
export class MLP extends Module {
  fc1: Linear
  fc2: Linear
  readonly #activation: (x: TensorLike) => Tensor
  readonly #dropout: number

  /** @throws {SurprisalError} `argument` for sizes that are no whole numbers from 1, or an unknown activation */
  constructor(inFeatures: number, hiddenFeatures: number, options: MlpOptions) {
    super()
    const { key, outFeatures = inFeatures, activation = 'gelu', dropout: dropped = 0 } = options
    const [first, second] = splitKey(key)
    this.fc1 = new Linear(inFeatures, hiddenFeatures, { key: first })
    this.fc2 = new Linear(hiddenFeatures, outFeatures, { key: second })
    this.#activation = activationOf('MLP', activation)
    this.#dropout = dropped
  }

  /**
   * @param x [..., inFeatures]
   * @param key random key of what is dropped, or its seed; needed while training with dropout
   * @returns [..., outFeatures]
   */
  override forward(x: TensorLike, key?: RandomKey | number): Tensor {
    const hidden = this.#activation(this.fc1.forward(x))
    const options = { training: this.training, ...(key !== undefined && { key }) }
    return this.fc2.forward(dropout(hidden, this.#dropout, options))
  }
}
