import {
  type AvgPoolOptions,
  adaptiveAvgPool2d as adaptiveAvgPool2dOp,
  avgPool2d as avgPool2dOp,
  type MaxPoolOptions,
  Module,
  maxPool2d as maxPool2dOp,
  type Tensor,
  type TensorLike,
} from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'

type Sizes = number | readonly number[]

/** Options of {@link maxPool2d}. */
export interface MaxPool2dOptions extends MaxPoolOptions {
  /** Of the windows: a number, or [height, width]. */
  kernelSize: Sizes
}

/** Options of {@link avgPool2d}. */
export interface AvgPool2dOptions extends AvgPoolOptions {
  /** Of the windows: a number, or [height, width]. */
  kernelSize: Sizes
}

/**
 * The largest element of each window; of equal ones the first gets the gradient.
 * @param x [B, C, H, W]
 * @throws {SurprisalError} `argument` for windows that do not fit
 */
export function maxPool2d(x: TensorLike, { kernelSize, ...options }: MaxPool2dOptions): Tensor {
  requireTensor('maxPool2d', 'x', x)
  return maxPool2dOp(x, kernelSize, options)
}

/**
 * The mean of each window.
 * @param x float [B, C, H, W]
 * @throws {SurprisalError} `argument` for windows that do not fit
 */
export function avgPool2d(x: TensorLike, { kernelSize, ...options }: AvgPool2dOptions): Tensor {
  requireTensor('avgPool2d', 'x', x)
  return avgPool2dOp(x, kernelSize, options)
}

/**
 * The mean of as many windows as asked for, from floor(i n / o) to ceil((i + 1) n / o).
 * @param x float [B, C, H, W]
 */
export function adaptiveAvgPool2d(x: TensorLike, { outputSize }: { outputSize: Sizes }): Tensor {
  requireTensor('adaptiveAvgPool2d', 'x', x)
  return adaptiveAvgPool2dOp(x, outputSize)
}

/** {@link maxPool2d} as a module. */
export class MaxPool2d extends Module {
  readonly #options: MaxPool2dOptions

  constructor(kernelSize: Sizes, options: MaxPoolOptions = {}) {
    super()
    this.#options = { ...options, kernelSize }
  }

  override forward(x: TensorLike): Tensor {
    return maxPool2d(x, this.#options)
  }
}

/** {@link avgPool2d} as a module. */
export class AvgPool2d extends Module {
  readonly #options: AvgPool2dOptions

  constructor(kernelSize: Sizes, options: AvgPoolOptions = {}) {
    super()
    this.#options = { ...options, kernelSize }
  }

  override forward(x: TensorLike): Tensor {
    return avgPool2d(x, this.#options)
  }
}

/** {@link adaptiveAvgPool2d} as a module. */
export class AdaptiveAvgPool2d extends Module {
  readonly #outputSize: Sizes

  constructor(outputSize: Sizes) {
    super()
    this.#outputSize = outputSize
  }

  override forward(x: TensorLike): Tensor {
    return adaptiveAvgPool2d(x, { outputSize: this.#outputSize })
  }
}
