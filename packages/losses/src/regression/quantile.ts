import { maximum, type Tensor, type TensorLike, tensor } from '@surprisal/tensor'
import { fail, floatTensor, numberTensor, requireNumber, requireShape } from '../_shared/arguments.ts'
import { type ReductionOptions, reduce } from '../_shared/reduce.ts'

/** Options of {@link quantileLoss}. */
export interface QuantileLossOptions extends ReductionOptions {
  /** Which quantile to estimate, in the open (0, 1), or a list of them. @default 0.5 */
  quantile?: number | readonly number[]
}

const op = 'quantileLoss'

/**
 * Pinball loss, whose minimiser is a quantile of the targets; 0.5 gives half the absolute error and the median.
 *
 * ```text
 * e = target - input,   loss = max(q e, (q - 1) e)
 * ```
 *
 * @param input float tensor of any shape; for a list of Q quantiles `[..., Q]`, one estimate of each
 * @param target of the same shape; for a list the shape of input without its last dim
 * @returns a scalar; the shape of input for `reduction: 'none'`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 * @see Koenker and Bassett, Regression Quantiles, 1978
 */
export function quantileLoss(input: TensorLike, target: TensorLike, options: QuantileLossOptions = {}): Tensor {
  const { quantile = 0.5, reduction } = options
  const levels = typeof quantile === 'number' ? [quantile] : quantile
  if (!Array.isArray(levels) || levels.length === 0)
    fail('argument', op, `quantile must be a number or a list of numbers, got ${String(quantile) || 'an empty list'}`)
  for (const level of levels) requireNumber(op, 'quantile', level, q => q > 0 && q < 1, 'in the open (0, 1)')
  const x = floatTensor(op, 'input', input)
  const t = numberTensor(op, 'target', target)
  const single = typeof quantile === 'number'
  if (!single && x.shape[x.ndim - 1] !== levels.length)
    fail('shape', op, `input has shape [${x.shape.join(', ')}], expected ${levels.length} quantiles in the last dim`)
  requireShape(op, 'target', t, single ? x.shape : x.shape.slice(0, -1))

  const e = (single ? t : t.unsqueeze(-1)).sub(x)
  const q = single ? quantile : tensor([...levels])
  const above = e.mul(q)
  return reduce(op, maximum(above, above.sub(e)), reduction)
}
