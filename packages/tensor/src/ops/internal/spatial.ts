import { SurprisalError } from '../../error.ts'
import { asTensor } from '../../operand.ts'
import { shapeText } from '../../shape.ts'
import type { Tensor, TensorLike } from '../../tensor.ts'
import { got, requireRank } from './arguments.ts'

/** A number for all spatial dims, or one for each. */
export type PerDim = number | readonly number[]

/** An argument with one integer of at least `least` per spatial dim, as a list. */
export function perDim(op: string, name: string, value: PerDim, rank: number, least: number): readonly number[] {
  const list = typeof value === 'number' ? new Array<number>(rank).fill(value) : value
  if (!Array.isArray(list) || list.length !== rank || list.some(entry => !Number.isInteger(entry) || entry < least))
    throw new SurprisalError(
      'argument',
      `${op}: ${name} must be an integer of at least ${least} or a list of ${rank}, got ${
        Array.isArray(value) ? shapeText(value) : got(value)
      }`,
    )
  return list
}

/** A tensor `[N, C, ...]` with `rank` spatial dims. */
export function spatialTensor(op: string, name: string, x: TensorLike, rank: number): Tensor {
  const t = asTensor(op, name, x)
  requireRank(op, name, t.shape, rank + 2)
  return t
}

/** Throws when not one window that spans so many elements fits. */
export function requireFit(op: string, spanned: readonly number[], padded: readonly number[]): void {
  if (spanned.some((span, d) => span > padded[d]))
    throw new SurprisalError(
      'shape',
      `${op}: kernel ${shapeText(spanned)} is larger than the padded input ${shapeText(padded)}`,
    )
}
