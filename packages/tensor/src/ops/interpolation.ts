import { SurprisalError } from '../error.ts'
import { asTensor, toFloat } from '../operand.ts'
import { inFloat32 } from '../primitive.ts'
import { checkShape, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { adaptiveAverage } from './internal/adaptive-average.ts'
import { got } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { blendAlong, nearestAlong } from './internal/resampling.ts'
import { type PerDim, perDim } from './internal/spatial.ts'
import { sameView } from './internal/views.ts'

/** Options of {@link interpolate}; either `size` or `scaleFactor` must be given. */
export interface InterpolateOptions {
  /** Spatial sizes of the result: a number, or one for each spatial dim. */
  size?: PerDim
  /** What the spatial sizes are multiplied by, rounded down: a number, or one for each spatial dim. */
  scaleFactor?: PerDim
  /** How values between elements come about. @default 'nearest' */
  mode?: 'nearest' | 'linear' | 'bilinear' | 'bicubic' | 'area'
  /**
   * Whether the centres of the first and last elements stay where they are, rather than the outer edges of the grid
   * (`linear`, `bilinear`, `bicubic`). @default false
   */
  alignCorners?: boolean
}

const spatialDims: Record<string, readonly number[]> = {
  nearest: [1, 2, 3],
  area: [1, 2, 3],
  linear: [1],
  bilinear: [2],
  bicubic: [2],
}

/** Sizes of the result. */
function targetSizes(sizes: readonly number[], { size, scaleFactor }: InterpolateOptions): readonly number[] {
  if ((size === undefined) === (scaleFactor === undefined))
    throw new SurprisalError('argument', 'interpolate: exactly one of size and scaleFactor must be given')
  if (size !== undefined) return perDim('interpolate', 'size', size, sizes.length, 0)
  const factors = typeof scaleFactor === 'number' ? sizes.map(() => scaleFactor) : scaleFactor
  if (!Array.isArray(factors) || factors.length !== sizes.length || !factors.every(f => Number.isFinite(f) && f > 0))
    throw new SurprisalError(
      'argument',
      `interpolate: scaleFactor must be a positive number or a list of ${sizes.length}, got ${
        Array.isArray(scaleFactor) ? shapeText(scaleFactor) : got(scaleFactor)
      }`,
    )
  return sizes.map((n, d) => Math.floor(n * factors[d]))
}

/**
 * Resizes the spatial dims of a batch of signals or images. With n elements in and o out along a dim, place i reads
 *
 * - `nearest`: element `floor(i n / o)`, in every dtype;
 * - `linear` (one spatial dim), `bilinear` (two): the line between the neighbours of
 *   `max(0, (i + 1/2) n / o - 1/2)`, with `alignCorners` of `i (n - 1) / (o - 1)`;
 * - `bicubic` (two): the cubic convolution with a = -3/4 of four neighbours of the same place (which may lie in front
 *   of the first), clamped to the border;
 * - `area`: the mean of `[floor(i n / o), ceil((i + 1) n / o))`, as `adaptiveAvgPool2d`.
 *
 * All but `nearest` give float32 of integers.
 *
 * @param x `[N, C, L]`, `[N, C, H, W]` or `[N, C, D, H, W]`
 * @param options size or scaleFactor, mode, alignCorners
 * @returns x with other spatial sizes
 * @throws {SurprisalError} `argument` for options that do not fit, `shape` for a rank that the mode does not have, or
 * when an empty dim is to grow
 * @see Keys, "Cubic Convolution Interpolation for Digital Image Processing", 1981
 */
export function interpolate(x: TensorLike, options: InterpolateOptions): Tensor {
  const op = 'interpolate'
  const given = optionsOf(op, options)
  const { mode = 'nearest', alignCorners = false } = given
  const t = asTensor(op, 'x', x)
  if (!Object.hasOwn(spatialDims, mode))
    throw new SurprisalError(
      'argument',
      `${op}: mode must be nearest, area, linear, bilinear or bicubic, got ${String(mode)}`,
    )
  const sizes = t.shape.slice(2)
  if (t.shape.length < 2 || !spatialDims[mode].includes(sizes.length))
    throw new SurprisalError(
      'shape',
      `${op}: mode ${mode} needs rank ${spatialDims[mode].map(rank => rank + 2).join(', ')}, got shape ${shapeText(t.shape)}`,
    )
  if (alignCorners && (mode === 'nearest' || mode === 'area'))
    throw new SurprisalError('argument', `${op}: alignCorners needs mode linear, bilinear or bicubic, got ${mode}`)
  const targets = targetSizes(sizes, given)
  if (sizes.some((size, d) => size === 0 && targets[d] > 0))
    throw new SurprisalError('shape', `${op}: cannot resize ${shapeText(sizes)} to ${shapeText(targets)}`)
  checkShape(op, [...t.shape.slice(0, 2), ...targets])
  if (mode === 'area') return adaptiveAverage(op, t, targets)
  if (mode === 'nearest')
    return resample(sameView(op, t), targets, (y, dim, target) => nearestAlong(op, y, dim, target))
  const kernel = mode === 'bicubic' ? 'cubic' : 'linear'
  return inFloat32(op, toFloat(op, t), y =>
    resample(sameView(op, y), targets, (z, dim, target) => blendAlong(op, z, dim, target, kernel, alignCorners)),
  )
}

/** One spatial dim after the other: first what shrinks, and of equals the last dim, where an element costs most. */
function resample(
  x: Tensor,
  targets: readonly number[],
  along: (x: Tensor, dim: number, target: number) => Tensor,
): Tensor {
  const growth = targets.map((target, d) => target / Math.max(1, x.shape[d + 2]))
  const order = [...targets.keys()].sort((a, b) => growth[a] - growth[b] || b - a)
  return order.reduce((y, d) => along(y, d + 2, targets[d]), x)
}
