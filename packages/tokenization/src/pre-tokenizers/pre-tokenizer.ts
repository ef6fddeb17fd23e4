/** A word that a pre-tokenizer cut out of a text. */
export interface PreToken {
  /** The word as the model sees it. */
  text: string
  /** UTF-16 start of the word in the text that was given. */
  start: number
  /** UTF-16 end of the word in the text that was given. */
  end: number
  /**
   * Start and end, in the text that was given, of the character behind each UTF-16 unit of `text` (entries 2k and
   * 2k+1); null when unit k of `text` is simply unit `start + k` of the text.
   */
  alignment: Int32Array | null
}

/** Cuts a text into the words that the model then encodes one by one. */
export interface PreTokenizer {
  /** The words of `text`, in order. Empty words are left out. */
  preTokenize(text: string): PreToken[]
  /** Calls `visit` with each word of `text` as the model sees it: what `preTokenize` gives, without the positions. */
  forEachWord(text: string, visit: (word: string) => void): void
  /** The object that stands for this pre-tokenizer in a tokenizer.json. */
  toJSON(): object
}
