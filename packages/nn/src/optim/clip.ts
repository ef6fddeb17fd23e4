import { SurprisalError, stack, type Tensor, zeros } from '@surprisal/tensor'
import { requireList } from '../_shared/positional.ts'
import { requirePositive } from '../_shared/require.ts'
import { isFiniteNow } from './finite.ts'
import { type Gradient, mapGradient, requireGradient, valuesOf } from './gradient.ts'

/** Options of {@link clipGradNorm}. */
export interface ClipGradNormOptions {
  /** Largest norm that is left alone. */
  maxNorm: number
  /** Order of the norm. @default 2 */
  normType?: number | 'inf'
  /** Read the norm and throw when it is not finite. @default false */
  errorIfNonfinite?: boolean
}

/**
 * Scales all gradients by min(1, maxNorm / (norm + 1e-6)), where the norm is that of all of them together.
 * @param grads tensors, gradients of rows, or null
 * @returns the norm before (rank 0), and the gradients in their order; null stays null
 * @throws {SurprisalError} `argument` for a maxNorm that is not positive, or a norm that is not finite (see options),
 * `device` for `errorIfNonfinite` on a device that has to be waited for
 * @see Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013
 */
export function clipGradNorm<G extends Gradient>(
  grads: readonly G[],
  { maxNorm, normType = 2, errorIfNonfinite = false }: ClipGradNormOptions,
): { totalNorm: Tensor; grads: G[] } {
  requireGradients('clipGradNorm', grads)
  requirePositive('clipGradNorm', 'maxNorm', maxNorm)
  const present = grads.flatMap(grad => (grad === null ? [] : [valuesOf(grad)]))
  if (present.length === 0) return { totalNorm: zeros([]), grads: [...grads] }
  const totalNorm = stack(present.map(values => values.norm({ p: normType }))).norm({ p: normType })
  if (errorIfNonfinite && !isFiniteNow('clipGradNorm', totalNorm))
    throw new SurprisalError('argument', `clipGradNorm: grads must be finite, got norm ${totalNorm.itemSync()}`)
  const scale = totalNorm.add(1e-6).reciprocal().mul(maxNorm).minimum(1)
  return { totalNorm, grads: grads.map(grad => mapGradient(grad, values => values.mul(scale))) }
}

/**
 * Limits every element of every gradient to [-clipValue, clipValue]; null stays null.
 * @throws {SurprisalError} `argument` for a clipValue that is not positive
 */
export function clipGradValue<G extends Gradient>(grads: readonly G[], { clipValue }: { clipValue: number }): G[] {
  requireGradients('clipGradValue', grads)
  requirePositive('clipGradValue', 'clipValue', clipValue)
  return grads.map(grad => mapGradient(grad, values => values.clamp({ min: -clipValue, max: clipValue })))
}

function requireGradients(where: string, grads: readonly unknown[]): void {
  requireList(where, 'grads', grads)
  grads.forEach((grad, i) => {
    requireGradient(where, i, grad)
  })
}
