import { Module, type RandomKey, relu, SurprisalError, splitKey, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireWhole } from '../_shared/require.ts'
import { kaimingNormal } from '../init/init.ts'
import { BatchNorm2d } from '../layers/batch-norm.ts'
import { Sequential } from '../layers/containers.ts'
import { Conv2d } from '../layers/convolution.ts'
import { Linear } from '../layers/linear.ts'
import { maxPool2d } from '../layers/pooling.ts'
import { type PresetName, requireImages } from './images.ts'

/** Depths that there are: 18, 34 and 50 for large images, 20, 32 and 56 for those of CIFAR. */
export type ResNetDepth = 18 | 20 | 32 | 34 | 50 | 56

/** Sizes of a {@link ResNet}. */
export interface ResNetConfig {
  depth: ResNetDepth
  numClasses: number
  /** @default 3 */
  inChannels?: number
  /** Channels of the first stage, doubled by each next one. @default 16 for the depths of CIFAR, otherwise 64 */
  width?: number
}

/** What the depths stand for: blocks of each stage, and what they are made of. */
const plans: Readonly<Record<ResNetDepth, { stages: readonly number[]; isBottleneck?: boolean; isSmall?: boolean }>> = {
  18: { stages: [2, 2, 2, 2] },
  20: { stages: [3, 3, 3], isSmall: true },
  32: { stages: [5, 5, 5], isSmall: true },
  34: { stages: [3, 4, 6, 3] },
  50: { stages: [3, 4, 6, 3], isBottleneck: true },
  56: { stages: [9, 9, 9], isSmall: true },
}

/** A convolution without bias that keeps the size but for its stride; He's initial weights. */
function convolution(
  [inChannels, outChannels]: readonly [number, number],
  kernelSize: number,
  { key, stride = 1 }: { key: RandomKey; stride?: number },
): Conv2d {
  const conv = new Conv2d(inChannels, outChannels, kernelSize, { key, stride, padding: kernelSize >> 1, bias: false })
  conv.weight.assign(kaimingNormal(key, conv.weight.shape, { mode: 'fanOut', nonlinearity: 'relu' }))
  return conv
}

/** What a block adds to: its input, or where the shape changes a convolution of it. */
function shortcut(inChannels: number, outChannels: number, stride: number, key: RandomKey): Sequential | null {
  if (stride === 1 && inChannels === outChannels) return null
  return new Sequential(convolution([inChannels, outChannels], 1, { key, stride }), new BatchNorm2d(outChannels))
}

class BasicBlock extends Module {
  conv1: Conv2d
  bn1: BatchNorm2d
  conv2: Conv2d
  bn2: BatchNorm2d
  downsample: Sequential | null

  constructor(inChannels: number, width: number, stride: number, key: RandomKey) {
    super()
    const [first, second, down] = splitKey(key, 3)
    this.conv1 = convolution([inChannels, width], 3, { key: first, stride })
    this.bn1 = new BatchNorm2d(width)
    this.conv2 = convolution([width, width], 3, { key: second })
    this.bn2 = new BatchNorm2d(width)
    this.downsample = shortcut(inChannels, width, stride, down)
  }

  override forward(x: Tensor): Tensor {
    const inner = relu(this.bn1.forward(this.conv1.forward(x)))
    return relu(this.bn2.forward(this.conv2.forward(inner)).add(this.downsample?.forward(x) ?? x))
  }
}

/** How many times the channels of a bottleneck go out of it. */
const expansion = 4

/** Narrow in the middle, where its stride is, as in torchvision. */
class Bottleneck extends Module {
  conv1: Conv2d
  bn1: BatchNorm2d
  conv2: Conv2d
  bn2: BatchNorm2d
  conv3: Conv2d
  bn3: BatchNorm2d
  downsample: Sequential | null

  constructor(inChannels: number, width: number, stride: number, key: RandomKey) {
    super()
    const [first, second, third, down] = splitKey(key, 4)
    this.conv1 = convolution([inChannels, width], 1, { key: first })
    this.bn1 = new BatchNorm2d(width)
    this.conv2 = convolution([width, width], 3, { key: second, stride })
    this.bn2 = new BatchNorm2d(width)
    this.conv3 = convolution([width, expansion * width], 1, { key: third })
    this.bn3 = new BatchNorm2d(expansion * width)
    this.downsample = shortcut(inChannels, expansion * width, stride, down)
  }

  override forward(x: Tensor): Tensor {
    const narrow = relu(this.bn1.forward(this.conv1.forward(x)))
    const inner = relu(this.bn2.forward(this.conv2.forward(narrow)))
    return relu(this.bn3.forward(this.conv3.forward(inner)).add(this.downsample?.forward(x) ?? x))
  }
}

/**
 * Residual networks, with the names and layouts of torchvision's state dicts. Depths 20, 32 and 56 have three stages
 * behind a convolution of 3 x 3, and convolutions (not zeros) where the shape changes; the others four stages behind one
 * of 7 x 7 and max-pooling. While training the batch normalisation uses the batch and moves its buffers; call `eval()`
 * before predicting. `fit` computes the buffers with each step; a loop of one's own passes them to `optimizer.settle`.
 * @see He et al., "Deep Residual Learning for Image Recognition", 2016
 */
export class ResNet extends Module {
  /** Parameters: `nano` (20, ten classes) 272 474, `tiny` (56, ten) 855 770, `small` (18, a thousand) 11 689 512. */
  static readonly presets: Readonly<Record<PresetName, ResNetConfig>> = {
    nano: { depth: 20, numClasses: 10 },
    tiny: { depth: 56, numClasses: 10 },
    small: { depth: 18, numClasses: 1000 },
  }

  conv1: Conv2d
  bn1: BatchNorm2d
  layer1: (BasicBlock | Bottleneck)[]
  layer2: (BasicBlock | Bottleneck)[]
  layer3: (BasicBlock | Bottleneck)[]
  /** Empty for depths 20, 32 and 56. */
  layer4: (BasicBlock | Bottleneck)[]
  fc: Linear
  readonly #inChannels: number
  readonly #isSmall: boolean

  /**
   * @param key of the initial weights, or its seed
   * @throws {SurprisalError} `argument` for a depth that there is not, or sizes that are no whole numbers from 1
   */
  constructor(config: ResNetConfig, { key = 0 }: { key?: RandomKey | number } = {}) {
    super()
    if (!Object.hasOwn(plans, config.depth))
      throw new SurprisalError(
        'argument',
        `ResNet: depth must be one of ${Object.keys(plans).join(', ')}, got ${config.depth}`,
      )
    const { stages, isBottleneck = false, isSmall = false } = plans[config.depth]
    const { numClasses, inChannels = 3, width = isSmall ? 16 : 64 } = config
    for (const [name, size] of Object.entries({ numClasses, inChannels, width })) requireWhole('ResNet', name, size, 1)
    const [stem, head, ...keys] = splitKey(key, 2 + stages.length)
    this.conv1 = convolution([inChannels, width], isSmall ? 3 : 7, { key: stem, stride: isSmall ? 1 : 2 })
    this.bn1 = new BatchNorm2d(width)
    const Block = isBottleneck ? Bottleneck : BasicBlock
    const grown = isBottleneck ? expansion : 1
    let channels = width
    const [first, second, third, fourth = []] = stages.map((count, stage) =>
      splitKey(keys[stage], count).map((each, i) => {
        const own = width * 2 ** stage
        const block = new Block(channels, own, stage > 0 && i === 0 ? 2 : 1, each)
        channels = grown * own
        return block
      }),
    )
    this.layer1 = first
    this.layer2 = second
    this.layer3 = third
    this.layer4 = fourth
    this.fc = new Linear(channels, numClasses, { key: head })
    this.#inChannels = inChannels
    this.#isSmall = isSmall
  }

  /**
   * @param x float [B, inChannels, H, W]
   * @returns logits [B, numClasses]
   * @throws {SurprisalError} `shape` for other images
   */
  override forward(x: TensorLike): Tensor {
    const images = requireImages('ResNet.forward', x, this.#inChannels)
    const stem = relu(this.bn1.forward(this.conv1.forward(images)))
    const first = this.#isSmall ? stem : maxPool2d(stem, { kernelSize: 3, stride: 2, padding: 1 })
    const blocks = [this.layer1, this.layer2, this.layer3, this.layer4].flat()
    const features = blocks.reduce((y, block) => block.forward(y), first)
    return this.fc.forward(features.mean({ dim: [2, 3] }))
  }
}
