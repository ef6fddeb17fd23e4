import { eye, type Tensor, type TensorLike, where } from '@surprisal/tensor'
import { fail, shapeText, tensorOf } from './arguments.ts'

/** What losses with in-batch negatives take. */
export interface InBatchOptions {
  /**
   * bool `[N, candidates]`, true where a candidate must not count as a negative of that row because it is as right as
   * the row's own positive: see {@link duplicateMask}. The own positive is never left out. @default none
   */
  duplicateMask?: TensorLike | null
}

/** A mask of the shape of `logits`, or null. */
export function maskOf(op: string, mask: TensorLike | null | undefined, logits: Tensor): Tensor | null {
  if (mask === null || mask === undefined) return null
  const given = tensorOf(op, 'duplicateMask', mask)
  if (shapeText(given.shape) !== shapeText(logits.shape))
    fail('shape', op, `duplicateMask must have shape ${shapeText(logits.shape)}, got ${shapeText(given.shape)}`)
  return given.cast('bool')
}

/** Masked candidates have probability 0. */
export const withoutMasked = (logits: Tensor, mask: Tensor | null): Tensor =>
  mask ? where(mask, Number.NEGATIVE_INFINITY, logits) : logits

/** Cross-entropy of each row over its candidates, the i-th of which is the target of row i. */
export function inBatchLosses(logits: Tensor, mask: Tensor | null): Tensor {
  const own = mask ? eye(...(logits.shape as [number, number]), { dtype: 'bool' }) : null
  const others = mask && own ? mask.logicalAnd(own.logicalNot()) : null
  return withoutMasked(logits, others).logSoftmax().diagonal().neg()
}

/** The same with the direction from the candidates back to the rows, averaged; `logits` are square there. */
export function symmetricLosses(logits: Tensor, mask: Tensor | null): Tensor {
  const rows = logits.shape[0]
  const back = (x: Tensor): Tensor => x.narrow(1, 0, rows).transpose(0, 1)
  return inBatchLosses(logits, mask)
    .add(inBatchLosses(back(logits), mask && back(mask)))
    .mul(0.5)
}
