import { Module, type RandomKey, relu, SurprisalError, splitKey, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireWhole } from '../_shared/require.ts'
import { Conv2d } from '../layers/convolution.ts'
import { Linear } from '../layers/linear.ts'
import { maxPool2d } from '../layers/pooling.ts'
import { type PresetName, requireImages } from './images.ts'

/** Sizes of a {@link CNN}. */
export interface CNNConfig {
  /** Height and width of the images, from 12. */
  imageSize: number
  inChannels: number
  /** Channels of the two convolutions. */
  channels: readonly [number, number]
  /** Widths of the two hidden layers behind them. */
  hiddenSizes: readonly [number, number]
  numClasses: number
}

/**
 * Two convolutions of 5 x 5, each halved by max-pooling, and three linear maps, with relu between all: LeNet-5 with
 * today's pieces. The first convolution keeps the size, the second loses four pixels. Names: conv1, conv2, fc1, fc2, fc3.
 * @see LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998
 */
export class CNN extends Module {
  /**
   * Ten classes. Parameters: `nano` 61 706 (LeNet-5, grey images of 28 x 28), `tiny` 677 962 and `small` 2 703 498
   * (coloured images of 32 x 32).
   */
  static readonly presets: Readonly<Record<PresetName, CNNConfig>> = {
    nano: { imageSize: 28, inChannels: 1, channels: [6, 16], hiddenSizes: [120, 84], numClasses: 10 },
    tiny: { imageSize: 32, inChannels: 3, channels: [32, 64], hiddenSizes: [256, 128], numClasses: 10 },
    small: { imageSize: 32, inChannels: 3, channels: [64, 128], hiddenSizes: [512, 256], numClasses: 10 },
  }

  conv1: Conv2d
  conv2: Conv2d
  fc1: Linear
  fc2: Linear
  fc3: Linear
  readonly #config: CNNConfig

  /**
   * @param key of the initial weights, or its seed
   * @throws {SurprisalError} `argument` for sizes that are no whole numbers from 1, or images below 12 x 12
   */
  constructor(config: CNNConfig, { key = 0 }: { key?: RandomKey | number } = {}) {
    super()
    const { imageSize, inChannels, channels, hiddenSizes, numClasses } = config
    requireWhole('CNN', 'imageSize', imageSize, 12)
    requireWhole('CNN', 'inChannels', inChannels, 1)
    for (const [name, sizes] of Object.entries({ channels, hiddenSizes })) {
      if (!Array.isArray(sizes) || sizes.length !== 2)
        throw new SurprisalError('argument', `CNN: ${name} must be a list of two sizes, got ${JSON.stringify(sizes)}`)
      for (const [i, size] of sizes.entries()) requireWhole('CNN', `${name}[${i}]`, size, 1)
    }
    requireWhole('CNN', 'numClasses', numClasses, 1)
    const keys = splitKey(key, 5)
    const side = Math.floor((Math.floor(imageSize / 2) - 4) / 2)
    this.conv1 = new Conv2d(inChannels, channels[0], 5, { key: keys[0], padding: 2 })
    this.conv2 = new Conv2d(channels[0], channels[1], 5, { key: keys[1] })
    this.fc1 = new Linear(channels[1] * side ** 2, hiddenSizes[0], { key: keys[2] })
    this.fc2 = new Linear(hiddenSizes[0], hiddenSizes[1], { key: keys[3] })
    this.fc3 = new Linear(hiddenSizes[1], numClasses, { key: keys[4] })
    this.#config = config
  }

  /**
   * @param x float [B, inChannels, imageSize, imageSize]
   * @returns logits [B, numClasses]
   * @throws {SurprisalError} `shape` for other images
   */
  override forward(x: TensorLike): Tensor {
    const images = requireImages('CNN.forward', x, this.#config.inChannels, this.#config.imageSize)
    const features = [this.conv1, this.conv2].reduce(
      (y, conv) => maxPool2d(relu(conv.forward(y)), { kernelSize: 2 }),
      images,
    )
    const first = relu(this.fc1.forward(features.flatten({ startDim: 1 })))
    return this.fc3.forward(relu(this.fc2.forward(first)))
  }
}
