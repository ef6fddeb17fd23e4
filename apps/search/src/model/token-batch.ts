/** Token ids of several texts, in the form in which an encoder reads them. */
export interface TokenBatch {
  /** Number of texts. */
  readonly size: number
  /** Tokens per text; shorter ones are padded. */
  readonly length: number
  /** The different tokens of the batch. */
  readonly tokens: Int32Array
  /** Per place the position of its token in `tokens`, row-major [size, length]; padding points at 0. */
  readonly positions: Int32Array
  /** 1 where there is a token and 0 where there is padding. */
  readonly mask: Float32Array
}

/** Longer texts are cut: what a passage is about stands at its beginning. */
export const maxTokens = 64

/** Brings texts, as lists of token ids, into one batch. An empty text becomes a row of padding. */
export function toTokenBatch(texts: readonly ArrayLike<number>[]): TokenBatch {
  const size = texts.length
  const length = Math.max(1, ...texts.map(text => Math.min(text.length, maxTokens)))
  const positions = new Int32Array(size * length)
  const mask = new Float32Array(size * length)
  const known = new Map<number, number>()
  texts.forEach((text, i) => {
    for (let t = 0; t < Math.min(text.length, maxTokens); t++) {
      let position = known.get(text[t])
      if (position === undefined) {
        position = known.size
        known.set(text[t], position)
      }
      positions[i * length + t] = position
      mask[i * length + t] = 1
    }
  })
  if (known.size === 0) known.set(0, 0)
  return { size, length, tokens: Int32Array.from(known.keys()), positions, mask }
}
