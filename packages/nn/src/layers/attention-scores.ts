import { arange, SurprisalError, type Tensor, type TensorLike, tensor, where } from '@surprisal/tensor'
import { tensorOf } from '../_shared/positional.ts'

/** What scores of attention, [..., H, Tq, Tk], are changed by before their softmax. */
export interface ScoreOptions {
  /**
   * Broadcast to [B, H, Tq, Tk]: bool, true where a query may attend (the opposite of `multiHeadAttentionForward`), or
   * float, which is added. @default none
   */
  attnMask?: TensorLike | null
  /** Queries attend to no later keys. @default false */
  isCausal?: boolean
  /**
   * Which keys are later: with `'bottom-right'` the last query and the last key stand at the same place, as a cache of
   * keys needs it; with `'top-left'` the first ones do, as in PyTorch. @default 'bottom-right'
   */
  causalAlignment?: 'bottom-right' | 'top-left'
  /** [H], such as {@link alibiSlopes} gives: adds slope * (key - query), places aligned as above. @default none */
  alibiSlopes?: TensorLike | readonly number[] | null
  /** c: scores become c tanh(scores / c), before any mask. @default none */
  logitSoftcap?: number | null
  /** int32 [1]: keys that there are; later ones are memory that waits for them. @default all */
  keyLength?: TensorLike | null
}

/** Places of queries, [Tq, 1], and keys, [Tk]. */
function placesOf(queries: number, keys: number, options: ScoreOptions): { query: Tensor; key: Tensor } {
  const { causalAlignment = 'bottom-right', keyLength } = options
  const column = arange(queries).unsqueeze(1)
  const key = arange(keys)
  if (causalAlignment === 'top-left') return { query: column, key }
  return { query: column.add(keyLength ? tensorOf(keyLength).sub(queries) : keys - queries), key }
}

const slopesOf = (slopes: TensorLike | readonly number[]): Tensor =>
  Array.isArray(slopes) ? tensor(slopes) : tensorOf(slopes as TensorLike)

/**
 * Changes raw scores and masks them: -Infinity stands where nothing may be attended to.
 * @param scores [B, H, Tq, Tk], scaled
 */
export function maskedScores(scores: Tensor, options: ScoreOptions): Tensor {
  const { attnMask, isCausal = false, alibiSlopes, logitSoftcap, keyLength } = options
  const [queries, keys] = scores.shape.slice(-2)
  let x = logitSoftcap ? scores.div(logitSoftcap).tanh().mul(logitSoftcap) : scores
  const { query, key } = placesOf(queries, keys, options)
  if (alibiSlopes) {
    x = x.add(key.sub(query).mul(slopesOf(alibiSlopes).reshape([-1, 1, 1])))
  }
  const allow = (may: TensorLike): void => {
    x = where(may, x, Number.NEGATIVE_INFINITY)
  }
  if (attnMask) {
    if (attnMask.dtype === 'bool') allow(attnMask)
    else x = x.add(attnMask)
  }
  if (isCausal) allow(key.lessEqual(query))
  if (keyLength) allow(key.less(keyLength))
  return x
}

/** Whether a query may be left with nothing to attend to. */
export function mayBeEmpty(queries: number, keys: number, options: ScoreOptions): boolean {
  const { attnMask, isCausal = false, causalAlignment = 'bottom-right', keyLength } = options
  if (attnMask || keyLength || keys === 0) return true
  return isCausal && causalAlignment === 'bottom-right' && queries > keys
}

/** Softmax over keys; a query with nothing to attend to gets zeros, and no gradient. */
export function softmaxOrZeros(scores: Tensor): Tensor {
  const largest = scores.max({ dim: -1, keepdim: true }).detach()
  const shift = where(largest.equal(Number.NEGATIVE_INFINITY), 0, largest)
  const weights = scores.sub(shift).exp()
  const sum = weights.sum({ dim: -1, keepdim: true })
  return weights.div(where(sum.equal(0), 1, sum))
}

/** @throws {SurprisalError} `argument` or `shape` for options that do not fit scores [B, H, Tq, Tk] */
export function checkScoreOptions(op: string, shape: readonly number[], options: ScoreOptions): void {
  const { attnMask, causalAlignment = 'bottom-right', alibiSlopes, logitSoftcap } = options
  if (causalAlignment !== 'bottom-right' && causalAlignment !== 'top-left')
    throw new SurprisalError(
      'argument',
      `${op}: causalAlignment must be bottom-right or top-left, got ${String(causalAlignment)}`,
    )
  if (logitSoftcap !== undefined && logitSoftcap !== null && !(logitSoftcap > 0 && Number.isFinite(logitSoftcap)))
    throw new SurprisalError('argument', `${op}: logitSoftcap must be above 0, got ${logitSoftcap}`)
  const text = (s: readonly number[]) => `[${s.join(', ')}]`
  const slopes = alibiSlopes ? slopesOf(alibiSlopes).shape : [shape[1]]
  if (slopes.length !== 1 || slopes[0] !== shape[1])
    throw new SurprisalError('shape', `${op}: alibiSlopes must have shape [${shape[1]}], got ${text(slopes)}`)
  if (!attnMask) return
  const fits = attnMask.shape.every((size, i) => {
    const own = shape[shape.length - attnMask.shape.length + i]
    return size === 1 || size === own
  })
  if (attnMask.shape.length > 4 || !fits)
    throw new SurprisalError('shape', `${op}: attnMask must broadcast to ${text(shape)}, got ${text(attnMask.shape)}`)
}
