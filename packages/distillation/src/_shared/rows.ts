import { type Shape, type Tensor, type TensorLike, where } from '@surprisal/tensor'
import { fail, shapeText, tensorOf } from './arguments.ts'

/** How the losses of the rows are joined. */
export type Reduction = 'none' | 'mean' | 'sum'

/** What every loss over rows takes. */
export interface RowOptions {
  /** bool of the shape of the rows, true where they count. @default all */
  mask?: TensorLike | null
  /** `'none'` keeps one loss a row, `'mean'` divides their sum by the number of kept rows. @default 'mean' */
  reduction?: Reduction
}

/** A mask of the given shape as bool, or null. */
export function maskOf(op: string, mask: TensorLike | null | undefined, shape: Shape): Tensor | null {
  if (mask === null || mask === undefined) return null
  const given = tensorOf(op, 'mask', mask)
  if (shapeText(given.shape) !== shapeText(shape))
    fail('shape', op, `mask must have shape ${shapeText(shape)}, got ${shapeText(given.shape)}`)
  return given.cast('bool')
}

/** `x` with 0 in place of the rows that do not count, so that nothing they hold reaches a gradient. */
export const keptRows = (x: Tensor, mask: Tensor | null): Tensor => (mask ? where(mask.unsqueeze(-1), x, 0) : x)

/** Joins losses of which the mask, where there is one, keeps some; the mean of none is 0. */
export function reduceRows(op: string, losses: Tensor, mask: Tensor | null, reduction: Reduction = 'mean'): Tensor {
  const kept = mask ? where(mask, losses, 0) : losses
  if (reduction === 'none') return kept
  if (reduction === 'sum') return kept.sum()
  if (reduction !== 'mean') return fail('argument', op, `reduction '${String(reduction)}' is not one of none|mean|sum`)
  const count = mask ? mask.cast('float32').sum().maximum(1) : Math.max(1, losses.size)
  return kept.sum().div(count)
}

/** Both masks at once. */
export const bothMasks = (a: Tensor | null, b: Tensor | null): Tensor | null => (a && b ? a.logicalAnd(b) : (a ?? b))
