import { checkShape } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { adaptiveAverage } from './internal/adaptive-average.ts'
import { type PerDim, perDim, spatialTensor } from './internal/spatial.ts'

function adaptiveAvgPool(op: string, rank: number, x: TensorLike, outputSize: PerDim): Tensor {
  const t = spatialTensor(op, 'x', x, rank)
  const outputs = perDim(op, 'outputSize', outputSize, rank, 0)
  checkShape(op, [...t.shape.slice(0, 2), ...outputs])
  return adaptiveAverage(op, t, outputs)
}

/**
 * Means of as many windows as asked for, which cover the whole dim: window i is
 * `[floor(i L / outputSize), ceil((i + 1) L / outputSize))`. Integers give float32.
 *
 * @param x `[N, C, L]`
 * @param outputSize number of windows
 * @returns `[N, C, outputSize]`
 * @throws {SurprisalError} `argument` when outputSize is no such number
 */
export function adaptiveAvgPool1d(x: TensorLike, outputSize: PerDim): Tensor {
  return adaptiveAvgPool('adaptiveAvgPool1d', 1, x, outputSize)
}

/**
 * Means of a grid of windows, otherwise as {@link adaptiveAvgPool1d}.
 *
 * @param x `[N, C, H, W]`
 * @param outputSize numbers of windows
 * @returns `[N, C, ...outputSize]`
 */
export function adaptiveAvgPool2d(x: TensorLike, outputSize: PerDim): Tensor {
  return adaptiveAvgPool('adaptiveAvgPool2d', 2, x, outputSize)
}
