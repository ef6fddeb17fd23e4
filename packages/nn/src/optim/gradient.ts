import { isTensor, SurprisalError, type Tensor } from '@surprisal/tensor'
import { describe } from '../_shared/positional.ts'

/**
 * Gradient of the rows of a matrix that a batch has touched. The value and the state of the other rows stand still,
 * as if they had taken no step: the arithmetic of an embedding's step is that of the batch and not of the vocabulary.
 */
export interface RowGradient {
  /** int32 [n], each row once. */
  readonly rows: Tensor
  /** [n, ...], one gradient per row. */
  readonly values: Tensor
}

/** The gradient of one parameter, of the parameter's shape or by rows; null where there is none. */
export type Gradient = Tensor | RowGradient | null

export const isRowGradient = (grad: Gradient): grad is RowGradient => grad !== null && !isTensor(grad)

/** The numbers of a gradient. */
export const valuesOf = (grad: Tensor | RowGradient): Tensor => (isTensor(grad) ? grad : grad.values)

/** The same gradient with other numbers. */
export function mapGradient<G extends Gradient>(grad: G, map: (values: Tensor) => Tensor): G {
  if (grad === null) return grad
  return (isTensor(grad) ? map(grad) : { rows: grad.rows, values: map(grad.values) }) as G
}

/** @throws {SurprisalError} `argument` unless it is a tensor, rows with values, or null */
export function requireGradient(where: string, i: number, grad: unknown): asserts grad is Gradient {
  const parts = grad as Partial<RowGradient> | null | undefined
  if (parts === null || isTensor(parts) || (isTensor(parts?.rows) && isTensor(parts.values))) return
  throw new SurprisalError('argument', `${where}: gradient ${i} must be a tensor, rows or null, got ${describe(grad)}`)
}

/** @throws {SurprisalError} `argument` for what is no gradient, `shape` for one that does not fit the parameter */
export function requireFitting(where: string, i: number, grad: Gradient, shape: readonly number[]): void {
  requireGradient(where, i, grad)
  if (grad === null) return
  const text = (dims: readonly number[]): string => `[${dims.join(', ')}]`
  const { rows } = grad as Partial<RowGradient>
  if (rows && rows.ndim !== 1)
    throw new SurprisalError('shape', `${where}: rows of gradient ${i} must be a list, got shape ${text(rows.shape)}`)
  const wanted = rows ? [...rows.shape, ...shape.slice(1)] : shape
  const { shape: got } = valuesOf(grad)
  if (text(got) !== text(wanted))
    throw new SurprisalError('shape', `${where}: gradient ${i} must have shape ${text(wanted)}, got ${text(got)}`)
}
