import {
  type InterpolateOptions,
  interpolate,
  Module,
  SurprisalError,
  type Tensor,
  type TensorLike,
} from '@surprisal/tensor'
import { requireTensor, tensorOf } from '../_shared/positional.ts'
import { requireWhole } from '../_shared/require.ts'

/** `interpolate` with fixed options, of [B, C, ...spatial]. */
export class Upsample extends Module {
  readonly #options: InterpolateOptions

  /** @param options either `size` or `scaleFactor`; mode @default 'nearest' */
  constructor(options: InterpolateOptions) {
    super()
    this.#options = options
  }

  override forward(x: TensorLike): Tensor {
    return interpolate(x, this.#options)
  }
}

/**
 * Moves channels into space: channel c r^2 + i r + j becomes the place (i, j) of each r by r block of channel c.
 * @param x [B, C r^2, H, W]
 * @param upscaleFactor r
 * @returns [B, C, H r, W r]
 * @throws {SurprisalError} `shape` unless x has four dims and r^2 divides its channels, `argument` unless r is a whole
 * number from 1
 * @see Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional
 * Neural Network", 2016
 */
export function pixelShuffle(x: TensorLike, upscaleFactor: number): Tensor {
  requireTensor('pixelShuffle', 'x', x)
  requireWhole('pixelShuffle', 'upscaleFactor', upscaleFactor, 1)
  const r = upscaleFactor
  const [batch, channels, height, width] = x.shape
  if (x.shape.length !== 4 || channels % r ** 2 !== 0)
    throw new SurprisalError(
      'shape',
      `pixelShuffle: x must be [batch, channels, height, width] with channels divisible by ${r ** 2}, got [${x.shape.join(', ')}]`,
    )
  const t = tensorOf(x)
  return t
    .reshape([batch, channels / r ** 2, r, r, height, width])
    .permute([0, 1, 4, 2, 5, 3])
    .reshape([batch, channels / r ** 2, height * r, width * r])
}

/** {@link pixelShuffle} with a fixed factor. */
export class PixelShuffle extends Module {
  readonly #upscaleFactor: number

  /** @throws {SurprisalError} `argument` unless the factor is a whole number from 1 */
  constructor(upscaleFactor: number) {
    super()
    requireWhole('PixelShuffle', 'upscaleFactor', upscaleFactor, 1)
    this.#upscaleFactor = upscaleFactor
  }

  override forward(x: TensorLike): Tensor {
    return pixelShuffle(x, this.#upscaleFactor)
  }
}
