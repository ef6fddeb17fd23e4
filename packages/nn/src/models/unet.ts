import {
  arange,
  cat,
  cos,
  exp,
  interpolate,
  isTensor,
  Module,
  type RandomKey,
  SurprisalError,
  silu,
  sin,
  splitKey,
  type Tensor,
  type TensorLike,
} from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireDivisor, requireWhole } from '../_shared/require.ts'
import { Conv2d } from '../layers/convolution.ts'
import { GroupNorm } from '../layers/group-norm.ts'
import { Linear } from '../layers/linear.ts'
import { type PresetName, requireImages } from './images.ts'

/** Sizes of a {@link UNet}. */
export interface UNetConfig {
  inChannels: number
  outChannels: number
  /** Channels of each level, from the whole image to the smallest one; each next level halves height and width. */
  channels: readonly number[]
  /** Groups of each normalisation; divides all channels. @default 8 */
  numGroups?: number
  /** Whether the network is told a time, such as the step of a diffusion. @default false */
  timeEmbedding?: boolean
}

/** A convolution of 3 x 3 that keeps the size but for its stride. */
const convolution = (inChannels: number, outChannels: number, key: RandomKey, stride = 1): Conv2d =>
  new Conv2d(inChannels, outChannels, 3, { key, stride, padding: 1 })

/** Times as waves, mapped twice. */
class TimeEmbedding extends Module {
  fc1: Linear
  fc2: Linear
  readonly #waves: number

  constructor(waves: number, width: number, key: RandomKey) {
    super()
    const [first, second] = splitKey(key)
    this.fc1 = new Linear(2 * waves, width, { key: first })
    this.fc2 = new Linear(width, width, { key: second })
    this.#waves = waves
  }

  override forward(time: Tensor): Tensor {
    const frequencies = exp(arange(this.#waves).mul(-Math.log(10_000) / this.#waves))
    const angles = time.cast('float32').unsqueeze(1).mul(frequencies)
    return this.fc2.forward(silu(this.fc1.forward(cat(cos(angles), sin(angles), { dim: 1 }))))
  }
}

/** Normalisation, silu and convolution, twice, added to the input. */
class ResidualBlock extends Module {
  norm1: GroupNorm
  conv1: Conv2d
  time: Linear | null
  norm2: GroupNorm
  conv2: Conv2d
  skip: Conv2d | null

  constructor(inChannels: number, outChannels: number, { numGroups, timeWidth }: BlockSizes, key: RandomKey) {
    super()
    const [first, second, told, skip] = splitKey(key, 4)
    this.norm1 = new GroupNorm(numGroups, inChannels)
    this.conv1 = convolution(inChannels, outChannels, first)
    this.time = timeWidth === null ? null : new Linear(timeWidth, outChannels, { key: told })
    this.norm2 = new GroupNorm(numGroups, outChannels)
    this.conv2 = convolution(outChannels, outChannels, second)
    this.skip = inChannels === outChannels ? null : new Conv2d(inChannels, outChannels, 1, { key: skip })
  }

  override forward(x: Tensor, time: Tensor | null): Tensor {
    const inner = this.conv1.forward(silu(this.norm1.forward(x)))
    const told = time && this.time ? inner.add(this.time.forward(silu(time)).unsqueeze(2).unsqueeze(3)) : inner
    return this.conv2.forward(silu(this.norm2.forward(told))).add(this.skip?.forward(x) ?? x)
  }
}

interface BlockSizes {
  readonly numGroups: number
  /** Width of an embedded time, or null for none. */
  readonly timeWidth: number | null
}

/**
 * From images to images of the same size: down through halved levels and up again, where each level gets what it was on
 * the way down beside what comes from below. Residual blocks with group normalisation and silu, as in diffusion models;
 * upwards by repeating pixels and a convolution.
 * @see Ronneberger, Fischer and Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation", 2015; Ho, Jain
 * and Abbeel, "Denoising Diffusion Probabilistic Models", 2020
 */
export class UNet extends Module {
  /** Coloured images, told a time. Parameters: `nano` 96 835, `tiny` 1 463 107, `small` 10 234 243. */
  static readonly presets: Readonly<Record<PresetName, UNetConfig>> = {
    nano: { inChannels: 3, outChannels: 3, channels: [16, 32], timeEmbedding: true },
    tiny: { inChannels: 3, outChannels: 3, channels: [32, 64, 128], timeEmbedding: true },
    small: { inChannels: 3, outChannels: 3, channels: [64, 128, 256, 256], timeEmbedding: true },
  }

  time: TimeEmbedding | null
  convIn: Conv2d
  /** One block for each level. */
  down: ResidualBlock[]
  /** Between each level and the next smaller one. */
  downsample: Conv2d[]
  middle: ResidualBlock
  /** Between each level and the next smaller one, by the number of the larger. */
  upsample: Conv2d[]
  /** One block for each level, by its number on the way down. */
  up: ResidualBlock[]
  normOut: GroupNorm
  convOut: Conv2d
  readonly #inChannels: number

  /**
   * @param key of the initial weights, or its seed
   * @throws {SurprisalError} `argument` for sizes that are no whole numbers from 1, or groups that do not divide channels
   */
  constructor(config: UNetConfig, { key = 0 }: { key?: RandomKey | number } = {}) {
    super()
    const { inChannels, outChannels, channels, numGroups = 8, timeEmbedding = false } = config
    for (const [name, size] of Object.entries({ inChannels, outChannels, numGroups }))
      requireWhole('UNet', name, size, 1)
    if (!Array.isArray(channels) || channels.length === 0)
      throw new SurprisalError('argument', `UNet: channels must be a list of sizes, got ${JSON.stringify(channels)}`)
    for (const [i, size] of channels.entries()) {
      requireWhole('UNet', `channels[${i}]`, size, 1)
      requireDivisor('UNet', 'numGroups', numGroups, `channels[${i}]`, size)
    }
    const keys = splitKey(key, 8)
    const perLevel = (place: number): RandomKey[] => splitKey(keys[place], channels.length)
    const timeWidth = timeEmbedding ? 4 * channels[0] : null
    const sizes = { numGroups, timeWidth }
    const [first] = channels
    const last = channels[channels.length - 1]
    const smaller = channels.slice(1)
    this.time = timeWidth === null ? null : new TimeEmbedding(Math.ceil(first / 2), timeWidth, keys[0])
    this.convIn = convolution(inChannels, first, keys[1])
    const [downKeys, halveKeys, doubleKeys, upKeys] = [2, 3, 5, 6].map(perLevel)
    this.down = channels.map((own, i) => new ResidualBlock(channels[Math.max(0, i - 1)], own, sizes, downKeys[i]))
    this.downsample = smaller.map((_, i) => convolution(channels[i], channels[i], halveKeys[i], 2))
    this.middle = new ResidualBlock(last, last, sizes, keys[4])
    this.upsample = smaller.map((below, i) => convolution(below, channels[i], doubleKeys[i]))
    this.up = channels.map((own, i) => new ResidualBlock(2 * own, own, sizes, upKeys[i]))
    this.normOut = new GroupNorm(numGroups, first)
    this.convOut = convolution(first, outChannels, keys[7])
    this.#inChannels = inChannels
  }

  /**
   * @param x float [B, inChannels, H, W], both sides divisible by 2 for each level but the first
   * @param time float or int32 [B], where there is a time embedding
   * @returns [B, outChannels, H, W]
   * @throws {SurprisalError} `shape` for other images or times, `argument` for a time without embedding or none with one
   */
  override forward(x: TensorLike, time: TensorLike | null = null): Tensor {
    const op = 'UNet.forward'
    const images = requireImages(op, x, this.#inChannels)
    const factor = 2 ** this.downsample.length
    if (images.shape.slice(2).some(side => side % factor !== 0))
      throw new SurprisalError(
        'shape',
        `${op}: height and width must be divisible by ${factor}, got [${images.shape.join(', ')}]`,
      )
    const told = this.#timeOf(op, time, images.shape[0])
    let y = this.convIn.forward(images)
    const skips = this.down.map((block, i) => {
      y = block.forward(i ? this.downsample[i - 1].forward(y) : y, told)
      return y
    })
    y = this.middle.forward(y, told)
    for (let i = this.up.length - 1; i >= 0; i--) {
      if (i < this.upsample.length) y = this.upsample[i].forward(interpolate(y, { scaleFactor: 2 }))
      y = this.up[i].forward(cat(y, skips[i], { dim: 1 }), told)
    }
    return this.convOut.forward(silu(this.normOut.forward(y)))
  }

  /** The embedded time. */
  #timeOf(op: string, time: TensorLike | null, batch: number): Tensor | null {
    if (!this.time) {
      if (time) throw new SurprisalError('argument', `${op}: time must be left out without timeEmbedding, got a tensor`)
      return null
    }
    requireTensor(op, 'time', time)
    if (time.shape.length !== 1 || time.shape[0] !== batch)
      throw new SurprisalError('shape', `${op}: time must be [${batch}], got [${time.shape.join(', ')}]`)
    return this.time.forward(isTensor(time) ? time : time.value)
  }
}
