import type { Tensor, TensorLike } from '@surprisal/tensor'

/** Keys and values of what a model has read, so that each token is read once. */
export interface GenerationCache {
  /** Tokens it holds. */
  readonly length: number
  /** Puts row `rows[i]` of the batch in place i. */
  reorder(rows: readonly number[]): void
  /** What must be computed together with the logits; otherwise every step would compute all before it again. */
  tensors(): readonly TensorLike[]
}

/** Options of a model's forward pass while it writes. */
export interface LanguageModelOptions {
  /** Tokens read before; those given are added. */
  cache?: GenerationCache
  /**
   * int32 or bool [B, n]: 0 for padding, which stands on the left, 1 for tokens. What comes behind its n columns are
   * tokens.
   */
  attentionMask?: TensorLike
}

/** What generation asks of a model. */
export interface LanguageModel {
  /**
   * @param ids int32 [B, T]
   * @returns logits [B, T, V]
   */
  forward(ids: TensorLike, options?: LanguageModelOptions): Tensor
  createCache(): GenerationCache
}
