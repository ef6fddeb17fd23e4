import { hostData, isfinite, SurprisalError, stack, type Tensor } from '@surprisal/tensor'
import { requireList } from '../_shared/positional.ts'
import { type Gradient, requireGradient, valuesOf } from './gradient.ts'

/**
 * Whether all numbers are finite, by a read at once.
 * @throws {SurprisalError} `device` where only waiting gives them
 */
export function isFiniteNow(where: string, values: Tensor): boolean {
  const [found] = hostData(isfinite(values).all()) ?? []
  if (found !== undefined) return found !== 0
  throw new SurprisalError(
    'device',
    `${where}: errorIfNonfinite cannot wait for ${values.device} (await requireFiniteGradients(grads) before)`,
  )
}

/**
 * What `errorIfNonfinite` does, for devices whose values have to be waited for: reads in one plan whether all gradients
 * are finite, which computes them for the step as well.
 * @param grads tensors, gradients of rows, or null
 * @throws {SurprisalError} rejects with `argument` naming the first gradient that holds NaN or an infinity
 */
export async function requireFiniteGradients(grads: readonly Gradient[]): Promise<void> {
  requireList('requireFiniteGradients', 'grads', grads)
  grads.forEach((grad, i) => {
    requireGradient('requireFiniteGradients', i, grad)
  })
  const present = grads.flatMap((grad, at) => (grad === null ? [] : [{ at, values: valuesOf(grad) }]))
  if (present.length === 0) return
  const finite = await stack(present.map(({ values }) => isfinite(values).all())).data()
  const wrong = finite.indexOf(0)
  if (wrong >= 0)
    throw new SurprisalError('argument', `requireFiniteGradients: gradient ${present[wrong].at} must be finite`)
}
