import { SurprisalError } from '@surprisal/tensor'
import { describe } from '../_shared/describe.ts'
import { requireString } from '../_shared/require.ts'
import type { Decoder } from '../decoders/decoder.ts'
import type { BPE } from '../models/bpe.ts'
import type { PostProcessor } from '../post-processors/post-processor.ts'
import type { PreTokenizer } from '../pre-tokenizers/pre-tokenizer.ts'
import { type AddedToken, AddedTokens } from './added-tokens.ts'
import { encodeSequence } from './encode-sequence.ts'
import { Encoding } from './encoding.ts'
import { IdBuffer } from './id-buffer.ts'
import { convertOffsets, type OffsetUnit, requireOffsetUnit } from './offset-unit.ts'

/** The parts of a `Tokenizer`. */
export interface TokenizerParts {
  /** Encodes words. */
  model: BPE
  /** Cuts texts into words; null makes the whole text one word. @default null */
  preTokenizer?: PreTokenizer | null
  /** Finishes encodings. @default null */
  postProcessor?: PostProcessor | null
  /** Puts tokens together; null joins them by blanks. @default null */
  decoder?: Decoder | null
  /** Tokens that are cut out of the text before anything else. @default [] */
  addedTokens?: readonly AddedToken[]
}

/** Options of `Tokenizer.encode`. */
export interface EncodeOptions {
  /** What offsets count. @default 'utf16' */
  offsetUnit?: OffsetUnit
}

/** Options of `Tokenizer.decode`. */
export interface DecodeOptions {
  /** Leave special tokens out. @default true */
  skipSpecialTokens?: boolean
}

/**
 * Text to ids and back: added tokens are cut out, the rest goes through pre-tokenizer and model.
 *
 * @throws {SurprisalError} `format` when two tokens share an id
 * @example
 * const tokenizer = byteLevelTokenizer(trainBpe(texts, { vocabSize: 1000 }))
 * tokenizer.decode(tokenizer.encode('any text').ids) // 'any text'
 */
export class Tokenizer {
  /** Encodes words. */
  readonly model: BPE
  /** Cuts texts into words. */
  readonly preTokenizer: PreTokenizer | null
  /** Finishes encodings. */
  readonly postProcessor: PostProcessor | null
  /** Puts tokens together. */
  readonly decoder: Decoder | null
  #added: AddedTokens

  constructor({ model, preTokenizer = null, postProcessor = null, decoder = null, addedTokens = [] }: TokenizerParts) {
    this.model = model
    this.preTokenizer = preTokenizer
    this.postProcessor = postProcessor
    this.decoder = decoder
    this.#added = new AddedTokens(addedTokens, model)
  }

  /** How many tokens there are, added ones included. */
  get vocabSize(): number {
    return (
      this.model.vocabSize + this.#added.list.filter(token => this.model.tokenToId(token.content) === undefined).length
    )
  }

  /**
   * Encodes a text, or a text and its pair.
   *
   * @throws {SurprisalError} `argument` when a text is not a string
   */
  encode(text: string, pair: string | null = null, { offsetUnit = 'utf16' }: EncodeOptions = {}): Encoding {
    requireString(text, 'encode: text')
    if (pair !== null) requireString(pair, 'encode: pair')
    requireOffsetUnit(offsetUnit, 'encode: offsetUnit')
    const texts = pair === null ? [text] : [text, pair]
    const sequences = texts.map((one, index) => encodeSequence(one, index, this.#added, this.preTokenizer, this.model))
    this.postProcessor?.process(sequences, texts)
    const joined = new Encoding()
    sequences.forEach((sequence, index) => {
      convertOffsets(sequence, texts[index], offsetUnit)
      joined.append(sequence)
    })
    return joined
  }

  /** Encodes each entry: a text, or a text and its pair. */
  encodeBatch(texts: readonly (string | readonly [string, string])[], options: EncodeOptions = {}): Encoding[] {
    return texts.map(entry =>
      typeof entry === 'string' ? this.encode(entry, null, options) : this.encode(entry[0], entry[1], options),
    )
  }

  /** The ids of a text and nothing else: what `encode(text).ids` holds, several times faster. */
  encodeIds(text: string): Int32Array {
    requireString(text, 'encodeIds: text')
    const ids = new IdBuffer()
    const encodeWord = (word: string): void => ids.append(this.model.encodeWord(word).ids)
    for (const { start, end, token } of this.#added.split(text)) {
      if (token !== null) ids.push(token.id)
      else if (this.preTokenizer === null) encodeWord(text.slice(start, end))
      else this.preTokenizer.forEachWord(text.slice(start, end), encodeWord)
    }
    return ids.toArray()
  }

  /**
   * The text of a list of ids.
   *
   * @throws {SurprisalError} `index` for an id that is no integer, or that no token has
   */
  decode(ids: ArrayLike<number>, { skipSpecialTokens = true }: DecodeOptions = {}): string {
    const tokens: string[] = []
    for (let i = 0; i < ids.length; i++) {
      const token = this.idToToken(ids[i])
      if (token === undefined) {
        throw new SurprisalError('index', `decode: ids[${i}] must be the id of a token, got ${describe(ids[i])}`)
      }
      if (!skipSpecialTokens || !this.#added.byContent(token)?.special) tokens.push(token)
    }
    return this.decoder === null ? tokens.join(' ') : this.decoder.decode(tokens)
  }

  /** The id of a token, or undefined. */
  tokenToId(token: string): number | undefined {
    return this.#added.byContent(token)?.id ?? this.model.tokenToId(token)
  }

  /** The token of an id, or undefined. */
  idToToken(id: number): string | undefined {
    return this.#added.byId(id)?.content ?? this.model.idToToken(id)
  }

  /** The tokenizer.json of this tokenizer; `JSON.stringify` calls it. */
  toJSON(): object {
    return {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: this.#added.toJSON(),
      normalizer: null,
      pre_tokenizer: this.preTokenizer?.toJSON() ?? null,
      post_processor: this.postProcessor?.toJSON() ?? null,
      decoder: this.decoder?.toJSON() ?? null,
      model: this.model.toJSON(),
    }
  }
}
