import { isfinite, SurprisalError, stack, type Tensor } from '@surprisal/tensor'

/** Options of {@link clipGradNorm}. */
export interface ClipGradNormOptions {
  /** Largest norm that is left alone. */
  maxNorm: number
  /** Order of the norm. @default 2 */
  normType?: number | 'inf'
  /** Throw at the read when the norm is not finite. @default false */
  errorIfNonfinite?: boolean
}

/**
 * Scales all gradients by min(1, maxNorm / (norm + 1e-6)), where the norm is that of all of them together.
 * @returns the norm before (rank 0), and the gradients in their order; null stays null
 */
export function clipGradNorm<G extends Tensor | null>(
  grads: readonly G[],
  { maxNorm, normType = 2, errorIfNonfinite = false }: ClipGradNormOptions,
): { totalNorm: Tensor; grads: G[] } {
  if (!(maxNorm > 0)) throw new SurprisalError('argument', `clipGradNorm: maxNorm must be positive, got ${maxNorm}`)
  const present = grads.filter((grad): grad is G & Tensor => grad !== null)
  if (present.length === 0) throw new SurprisalError('argument', 'clipGradNorm: grads must hold a gradient, got none')
  const totalNorm = stack(present.map(grad => grad.norm({ p: normType }))).norm({ p: normType })
  if (errorIfNonfinite && !isfinite(totalNorm).itemSync())
    throw new SurprisalError('argument', `clipGradNorm: grads must be finite, got norm ${totalNorm.itemSync()}`)
  const scale = totalNorm.add(1e-6).reciprocal().mul(maxNorm).minimum(1)
  return { totalNorm, grads: grads.map(grad => (grad === null ? grad : (grad.mul(scale) as G))) }
}

/** Limits every element of every gradient to [-clipValue, clipValue]; null stays null. */
export function clipGradValue<G extends Tensor | null>(grads: readonly G[], { clipValue }: { clipValue: number }): G[] {
  if (!(clipValue > 0)) throw new SurprisalError('argument', `clipGradValue: clipValue must be positive, got ${clipValue}`)
  return grads.map(grad => (grad === null ? grad : (grad.clamp({ min: -clipValue, max: clipValue }) as G)))
}
