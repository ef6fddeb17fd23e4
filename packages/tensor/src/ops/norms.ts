import { SurprisalError } from '../error.ts'
import { cast } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { abs, square } from './arithmetic.ts'
import { notEqual } from './comparison.ts'
import { got } from './internal/arguments.ts'
import { flatPower, flatRoot } from './internal/flat.ts'
import { type ReduceOptions, reduceBy, reduceFloat } from './internal/reduction.ts'

/** Options of {@link norm}. */
export interface NormOptions extends ReduceOptions {
  /** A positive number, 0 (counts what is not zero), `'inf'` (largest magnitude) or `'-inf'` (smallest); default 2. */
  p?: number | 'inf' | '-inf'
}

function exponentOf(p: NormOptions['p']): number {
  if (p === 'inf') return Number.POSITIVE_INFINITY
  if (p === '-inf') return Number.NEGATIVE_INFINITY
  if (typeof p === 'number' && (p >= 0 || p === Number.NEGATIVE_INFINITY)) return p
  throw new SurprisalError('argument', `norm: p must be a number >= 0, 'inf' or '-inf', got ${got(p)}`)
}

/**
 * Vector norm of the elements over dims, `sum(|x|^p)^(1/p)`; 0 of nothing. The gradient is 0 where the norm is 0, and
 * divided evenly among ties for `'inf'`. Integers and bools give float32.
 *
 * @param x any shape
 * @param options `p` (2), `dim` (all), `keepdim` (false)
 * @throws {SurprisalError} `argument` for another p
 */
export function norm(x: TensorLike, options?: NormOptions): Tensor {
  return reduceFloat('norm', x, options, (y, reduction) => {
    const p = exponentOf(options?.p ?? 2)
    const total = (terms: Tensor) => reduceBy('norm', 'sum', terms, reduction)
    if (p === 0) return total(cast('norm', notEqual(y, 0), 'float32'))
    if (p === 1 || reduction.count === 0) return total(abs(y))
    if (p === 2) return flatRoot(total(square(y)))
    if (!Number.isFinite(p)) return reduceBy('norm', p > 0 ? 'max' : 'min', abs(y), reduction)
    return flatPower(total(flatPower(abs(y), p)), 1 / p)
  })
}
