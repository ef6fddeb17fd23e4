import { Module, type RandomKey, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireDivisor, requireWhole } from '../_shared/require.ts'
import { Conv2d } from '../layers/convolution.ts'
import { requireImages } from './images.ts'

/** Sizes of a {@link PatchEmbedding}. */
export interface PatchSizes {
  /** Height and width of the images. */
  imageSize: number
  /** Height and width of a patch; divides imageSize. */
  patchSize: number
  /** @default 3 */
  inChannels?: number
}

/** Cuts images into squares, row by row, and maps each to a vector; its weight is that of a convolution. */
export class PatchEmbedding extends Module {
  proj: Conv2d
  /** Number of patches. */
  readonly length: number
  readonly #name: string
  readonly #channels: number
  readonly #size: number

  /** @param name of the model, for messages */
  constructor(name: string, { imageSize, patchSize, inChannels = 3 }: PatchSizes, width: number, key: RandomKey) {
    super()
    for (const [field, size] of Object.entries({ imageSize, patchSize, inChannels })) requireWhole(name, field, size, 1)
    requireDivisor(name, 'patchSize', patchSize, 'imageSize', imageSize)
    this.proj = new Conv2d(inChannels, width, patchSize, { key, stride: patchSize })
    this.length = (imageSize / patchSize) ** 2
    this.#name = name
    this.#channels = inChannels
    this.#size = imageSize
  }

  /**
   * @param x float [B, inChannels, imageSize, imageSize]
   * @returns [B, length, width]
   */
  override forward(x: TensorLike): Tensor {
    const images = requireImages(`${this.#name}.forward`, x, this.#channels, this.#size)
    return this.proj.forward(images).flatten({ startDim: 2 }).transpose(1, 2)
  }
}
