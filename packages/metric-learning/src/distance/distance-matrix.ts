import type { Tensor, TensorLike } from '@surprisal/tensor'
import { readOptional, requireWidth, rowsOf } from '../_shared/arguments.ts'
import { type Distance, resolveDistance } from '../_shared/distance.ts'

/** Options of {@link distanceMatrix}. */
export interface DistanceMatrixOptions {
  /** Which distance. @default 'lp' */
  distance?: Distance
}

const op = 'distanceMatrix'

/**
 * Distances between all rows of two sets of embeddings, as every loss and metric of this package measures them.
 *
 * ```text
 * x, y = rows divided by max(||row||_p, 1e-12), unless normalize: false
 * lp       ||x_i - y_j||_p            gradient 0 where they meet
 * cosine   x_i . y_j                  larger is closer
 * dot      x_i . y_j                  larger is closer; with normalize: false the plain product
 * snr      var(x_i - y_j) / max(var(x_i), 1e-12)   over the features; not symmetric
 * then the power of each entry
 * ```
 *
 * Rows are normalised by default for every type, as in pytorch-metric-learning.
 *
 * @param query float `[N, D]`
 * @param reference float `[M, D]`, the query itself when left out
 * @returns `[N, M]`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 * @see Yuan et al., Signal-to-Noise Ratio: A Robust Distance Metric for Deep Metric Learning, 2019 (snr)
 */
export function distanceMatrix(query: TensorLike, options?: DistanceMatrixOptions): Tensor
export function distanceMatrix(
  query: TensorLike,
  reference: TensorLike | null | undefined,
  options?: DistanceMatrixOptions,
): Tensor
export function distanceMatrix(query: TensorLike, ...rest: unknown[]): Tensor {
  const { tensors, options } = readOptional<DistanceMatrixOptions>(op, rest, 1)
  const a = rowsOf(op, 'query', query)
  const b = tensors[0] ? rowsOf(op, 'reference', tensors[0]) : a
  requireWidth(op, 'reference', b, 'query', a)
  return resolveDistance(op, options.distance ?? 'lp').matrix(a, b)
}
