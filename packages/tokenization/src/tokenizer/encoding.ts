/** An encoded text, or an encoded pair of texts: parallel lists with one entry a token. */
export class Encoding {
  /** Token ids. */
  ids: number[] = []
  /** Tokens as they stand in the vocabulary; an added token as it stands in the text. */
  tokens: string[] = []
  /** Start and end of each token in the text it comes from; UTF-16, so that `text.slice` works, unless asked otherwise. */
  offsets: [number, number][] = []
  /** 0 for the text, 1 for its pair. */
  typeIds: number[] = []
  /** 1 for a token, 0 for padding. */
  attentionMask: number[] = []
  /** 1 for a token that no text holds. */
  specialTokensMask: number[] = []
  /** Which word of its sequence a token belongs to; null when to none. */
  wordIds: (number | null)[] = []
  /** Which sequence a token belongs to, 0 or 1; null when to none. */
  sequenceIds: (number | null)[] = []
  /** What truncation cut off. */
  overflowing: Encoding[] = []

  /** How many tokens there are. */
  get length(): number {
    return this.ids.length
  }

  /** The index of the token that covers position `position` of a sequence, or undefined. */
  charToToken(position: number, sequence = 0): number | undefined {
    const index = this.offsets.findIndex(
      ([start, end], i) => this.sequenceIds[i] === sequence && start <= position && position < end,
    )
    return index < 0 ? undefined : index
  }

  /** The offsets of token `index`, or undefined when it belongs to no text. */
  tokenToChars(index: number): [number, number] | undefined {
    return this.sequenceIds[index] == null ? undefined : this.offsets[index]
  }

  /** The range [first, last + 1) of the tokens of a word, or undefined. */
  wordToTokens(word: number, sequence = 0): [number, number] | undefined {
    const mine = (id: number | null, i: number): boolean => id === word && this.sequenceIds[i] === sequence
    const first = this.wordIds.findIndex(mine)
    return first < 0 ? undefined : [first, this.wordIds.findLastIndex(mine) + 1]
  }

  /** Appends one token of a text. */
  push(id: number, token: string, offsets: [number, number], word: number, sequence: number): void {
    this.ids.push(id)
    this.tokens.push(token)
    this.offsets.push(offsets)
    this.typeIds.push(sequence)
    this.attentionMask.push(1)
    this.specialTokensMask.push(0)
    this.wordIds.push(word)
    this.sequenceIds.push(sequence)
  }

  /** Appends all tokens of another encoding. */
  append(other: Encoding): void {
    for (let i = 0; i < other.length; i++) {
      this.ids.push(other.ids[i])
      this.tokens.push(other.tokens[i])
      this.offsets.push(other.offsets[i])
      this.typeIds.push(other.typeIds[i])
      this.attentionMask.push(other.attentionMask[i])
      this.specialTokensMask.push(other.specialTokensMask[i])
      this.wordIds.push(other.wordIds[i])
      this.sequenceIds.push(other.sequenceIds[i])
    }
  }
}
