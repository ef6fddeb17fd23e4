import { byteLevelTokenizer, loadTokenizer, type Tokenizer, trainBpe } from '@surprisal/tokenization'

/** Tokenizer of the encoder: case does not count, and a word at the beginning is the same as one in the middle. */
export class TextTokenizer {
  readonly #tokenizer: Tokenizer

  private constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer
  }

  /** Learns byte-level BPE from texts. */
  static train(
    texts: Iterable<string>,
    options: { vocabSize: number; onProgress?: (tokens: number) => void },
  ): TextTokenizer {
    const prepared = (function* () {
      for (const text of texts) yield prepare(text)
    })()
    const trained = trainBpe(prepared, {
      vocabSize: options.vocabSize,
      minFrequency: 2,
      onProgress: ({ tokens }) => options.onProgress?.(tokens),
    })
    return new TextTokenizer(byteLevelTokenizer(trained))
  }

  static load(json: string): TextTokenizer {
    return new TextTokenizer(loadTokenizer(json))
  }

  get vocabSize(): number {
    return this.#tokenizer.vocabSize
  }

  encode(text: string): Int32Array {
    return this.#tokenizer.encodeIds(prepare(text))
  }

  /** Per token whether a word begins with it. */
  wordStarts(): Uint8Array {
    return Uint8Array.from({ length: this.vocabSize }, (_, i) =>
      this.#tokenizer.idToToken(i)?.startsWith('Ġ') ? 1 : 0,
    )
  }

  /** The `tokenizer.json` that {@link TextTokenizer.load} reads. */
  toJSON(): object {
    return this.#tokenizer.toJSON()
  }
}

const prepare = (text: string): string => ` ${text.toLowerCase()}`
