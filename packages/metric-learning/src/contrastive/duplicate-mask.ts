import type { Tensor, TensorLike } from '@surprisal/tensor'
import { fail, shapeText, tensorOf } from '../_shared/arguments.ts'

const op = 'duplicateMask'

/**
 * Which candidates of a batch are the same thing as a row's own positive, for the option `duplicateMask` of losses with
 * in-batch negatives: without it, two questions with one answer push each other's answer away.
 *
 * @param ids integers `[N]` that name what each row's positive is
 * @param candidateIds integers `[M]` of all candidates, by default the ids of the positives; with hard negatives the ids
 * of both, one after the other
 * @returns bool `[N, M]`, true where the ids are equal
 * @throws {SurprisalError} `shape` or `dtype` at the call
 */
export function duplicateMask(ids: TensorLike, candidateIds: TensorLike = ids): Tensor {
  const rows = idsOf('ids', ids)
  return rows.unsqueeze(1).equal(idsOf('candidateIds', candidateIds).unsqueeze(0))
}

function idsOf(name: string, x: TensorLike): Tensor {
  const ids = tensorOf(op, name, x)
  if (ids.dtype.startsWith('float') || ids.dtype === 'bool')
    fail('dtype', op, `${name} must be integers, got ${ids.dtype}`)
  if (ids.ndim !== 1) fail('shape', op, `${name} must have one dim, got shape ${shapeText(ids.shape)}`)
  return ids
}
