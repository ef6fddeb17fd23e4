import type { Tensor } from '@surprisal/tensor'
import { requireFloat, requireRank } from '../_shared/tensor-input.ts'

/**
 * The regulariser that keeps sparse vectors sparse and their postings lists even: the squared mean activation of each
 * vocabulary entry, an estimate of the multiplications that a search costs.
 *
 * ```
 * loss = sum_j (mean_b |W_bj|)^2
 * ```
 *
 * @param weights float32 [B, V]
 * @returns a scalar
 * @throws {SurprisalError} another shape or dtype
 * @see Paria et al., "Minimizing FLOPs to Learn Efficient Sparse Representations" (2020)
 * @example
 * await flopsLoss(tensor([[1, 0], [3, 0]])).item() // => 4
 */
export function flopsLoss(weights: Tensor): Tensor {
  requireRank('flopsLoss', 'weights', weights, ['B', 'V'])
  requireFloat('flopsLoss', 'weights', weights)
  return weights.abs().mean({ dim: 0 }).square().sum()
}
