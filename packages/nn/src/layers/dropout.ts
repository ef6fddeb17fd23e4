import {
  bernoulli,
  Module,
  type RandomKey,
  SurprisalError,
  type Tensor,
  type TensorLike,
  where,
  zerosLike,
} from '@surprisal/tensor'
import { requireTensor, tensorOf } from '../_shared/positional.ts'

/** Options of {@link dropout}. */
export interface DropoutOptions {
  /** Whether anything is dropped. @default false */
  training?: boolean
  /** Random key, or its seed: the same one drops the same elements, also where a value is computed again. */
  key?: RandomKey | number
  /** The name that the seed has in other libraries. */
  seed?: number
}

/**
 * Drops each element with probability p and multiplies the others by 1 / (1 - p).
 * @param x float
 * @returns x itself unless training, or where p is 0
 * @throws {SurprisalError} `argument` unless p is in [0, 1], or for no key while training
 * @see Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014
 */
export function dropout(x: TensorLike, p: number, options: DropoutOptions = {}): Tensor {
  requireTensor('dropout', 'x', x)
  const { training = false, key = options.seed } = options
  if (!(p >= 0 && p <= 1)) throw new SurprisalError('argument', `dropout: p must be in [0, 1], got ${p}`)
  const t = tensorOf(x)
  if (!training || p === 0) return t
  if (p === 1) return zerosLike(t)
  if (key === undefined) throw new SurprisalError('argument', 'dropout: key must be given while training, got none')
  return where(bernoulli(key, 1 - p, t.shape), t.mul(1 / (1 - p)), 0)
}

/** {@link dropout} of a module's training mode. */
export class Dropout extends Module {
  readonly p: number

  constructor(p = 0.5) {
    super()
    if (!(p >= 0 && p <= 1)) throw new SurprisalError('argument', `Dropout: p must be in [0, 1], got ${p}`)
    this.p = p
  }

  /** @param key random key of this call, or its seed; needed while training */
  override forward(x: TensorLike, key?: RandomKey | number): Tensor {
    return dropout(x, this.p, { training: this.training, ...(key !== undefined && { key }) })
  }
}
