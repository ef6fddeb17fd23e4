import type { Encoding } from '../tokenizer/encoding.ts'

/** Has the last word on the encodings of a text and its pair, before they are joined. */
export interface PostProcessor {
  /** Changes the encodings of `texts`, one per sequence, in place. Offsets are UTF-16. */
  process(sequences: Encoding[], texts: readonly string[]): void
  /** The object that stands for this post-processor in a tokenizer.json. */
  toJSON(): object
}
