/** Token ids of several texts one after the other, without padding. */
export interface TokenBatch {
  /** Number of texts. */
  readonly size: number
  /** The different tokens of the batch. */
  readonly tokens: Int32Array
  /** Per token of the texts its position in `tokens`. */
  readonly positions: Int32Array
  /** Per token of the texts the number of its text. */
  readonly texts: Int32Array
}

/** Longer texts are cut: what a passage is about stands at its beginning. */
export const maxTokens = 128

/** Brings texts, as lists of token ids, into one batch. */
export function toTokenBatch(texts: readonly ArrayLike<number>[]): TokenBatch {
  const lengths = texts.map(text => Math.min(text.length, maxTokens))
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const positions = new Int32Array(total)
  const owners = new Int32Array(total)
  const known = new Map<number, number>()
  let at = 0
  texts.forEach((text, i) => {
    for (let t = 0; t < lengths[i]; t++) {
      let position = known.get(text[t])
      if (position === undefined) {
        position = known.size
        known.set(text[t], position)
      }
      positions[at] = position
      owners[at] = i
      at += 1
    }
  })
  return { size: texts.length, tokens: Int32Array.from(known.keys()), positions, texts: owners }
}
