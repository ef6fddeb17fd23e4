/** Puts tokens together into the text that they stand for. */
export interface Decoder {
  /** The text of the tokens. */
  decode(tokens: readonly string[]): string
  /** The object that stands for this decoder in a tokenizer.json. */
  toJSON(): object
}
