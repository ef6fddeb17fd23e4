import { Module, type RandomKey, relu, SurprisalError, splitKey, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireTensor, tensorOf } from '../_shared/positional.ts'
import { requireWhole } from '../_shared/require.ts'
import { Linear } from '../layers/linear.ts'
import type { PresetName } from './images.ts'

/** Sizes of an {@link MLPClassifier}. */
export interface MLPClassifierConfig {
  /** Numbers of an example, whatever its shape. */
  inFeatures: number
  /** Widths of the hidden layers, first to last; none makes it a linear classifier. */
  hiddenSizes: readonly number[]
  numClasses: number
}

/**
 * Linear maps with relu between them, from the numbers of an example to logits; named layers.0, layers.1, ... in the
 * state dict.
 * @see Rosenblatt, "The Perceptron", 1958; Rumelhart, Hinton and Williams, "Learning representations by
 * back-propagating errors", 1986
 */
export class MLPClassifier extends Module {
  /**
   * For images of 28 x 28 and ten classes. Parameters: `nano` 50 890 (one layer of 64), `tiny` 269 322 (256, 256),
   * `small` 2 913 290 (three of 1024).
   */
  static readonly presets: Readonly<Record<PresetName, MLPClassifierConfig>> = {
    nano: { inFeatures: 784, hiddenSizes: [64], numClasses: 10 },
    tiny: { inFeatures: 784, hiddenSizes: [256, 256], numClasses: 10 },
    small: { inFeatures: 784, hiddenSizes: [1024, 1024, 1024], numClasses: 10 },
  }

  layers: Linear[]
  readonly #inFeatures: number

  /**
   * @param key of the initial weights, or its seed
   * @throws {SurprisalError} `argument` for sizes that are no whole numbers from 1
   */
  constructor(config: MLPClassifierConfig, { key = 0 }: { key?: RandomKey | number } = {}) {
    super()
    const { inFeatures, hiddenSizes, numClasses } = config
    requireWhole('MLPClassifier', 'inFeatures', inFeatures, 1)
    if (!Array.isArray(hiddenSizes))
      throw new SurprisalError('argument', `MLPClassifier: hiddenSizes must be a list, got ${String(hiddenSizes)}`)
    for (const [i, size] of hiddenSizes.entries()) requireWhole('MLPClassifier', `hiddenSizes[${i}]`, size, 1)
    requireWhole('MLPClassifier', 'numClasses', numClasses, 1)
    const widths = [inFeatures, ...hiddenSizes, numClasses]
    const keys = splitKey(key, widths.length - 1)
    this.layers = keys.map((each, i) => new Linear(widths[i], widths[i + 1], { key: each }))
    this.#inFeatures = inFeatures
  }

  /**
   * @param x float [B, ...] with inFeatures numbers for each example
   * @returns logits [B, numClasses]
   * @throws {SurprisalError} `shape` for other numbers of them
   */
  override forward(x: TensorLike): Tensor {
    requireTensor('MLPClassifier.forward', 'x', x)
    const [batch, ...rest] = x.shape
    if (x.shape.length < 2 || rest.reduce((a, b) => a * b, 1) !== this.#inFeatures)
      throw new SurprisalError(
        'shape',
        `MLPClassifier.forward: x must be [batch, ...] with ${this.#inFeatures} numbers each, got [${x.shape.join(', ')}]`,
      )
    const rows = tensorOf(x).reshape([batch, this.#inFeatures])
    return this.layers.reduce((y, layer, i) => layer.forward(i ? relu(y) : y), rows)
  }
}
