import { SurprisalError } from '@surprisal/tensor'
import { describe } from '../_shared/describe.ts'
import { requireInteger, requireString } from '../_shared/require.ts'
import { WordCache } from '../_shared/word-cache.ts'
import { MergeRules } from './merge-rules.ts'
import { mergeSymbols } from './merge-symbols.ts'
import { initialSymbols, type Symbols } from './symbols.ts'
import { indexVocabulary, type Vocabulary } from './vocabulary.ts'

/** Options of `BPE`. */
export interface BpeOptions {
  /** Ids by token, or the tokens in id order. Ids may have gaps. */
  vocab: ReadonlyMap<string, number> | readonly string[]
  /** Pairs of tokens to join, the most urgent first. */
  merges: readonly (readonly [string, string])[]
  /** Token for characters that are not in the vocabulary; null drops them. @default null */
  unkToken?: string | null
  /** One unknown token for a whole run of unknown characters. @default false */
  fuseUnk?: boolean
  /** Unknown characters become the tokens `<0xHH>` of their UTF-8 bytes when all of them exist. @default false */
  byteFallback?: boolean
  /** A word that is itself a token is that token, whatever the merges say. @default false */
  ignoreMerges?: boolean
  /** Decoration of every symbol but the first of a word. @default null */
  continuingSubwordPrefix?: string | null
  /** Decoration of the last symbol of a word. @default null */
  endOfWordSuffix?: string | null
  /** How many words the cache remembers; 0 turns it off and changes no result. @default 65536 */
  cacheCapacity?: number
}

// Longer words are rare, and remembering them would let one text fill the memory.
const LONGEST_CACHED = 256

/**
 * Byte pair encoding with a merge list (Sennrich, Haddow and Birch, 2016).
 *
 * @throws {SurprisalError} `format` for a vocabulary or merges that do not fit together, naming the entry
 * @example
 * new BPE({ vocab: ['a', 'b', 'ab'], merges: [['a', 'b']] }).encodeWord('aab').ids // Int32Array [0, 2]
 */
export class BPE {
  /** The options with their defaults filled in. */
  readonly options: Required<Omit<BpeOptions, 'vocab'>>
  #vocabulary: Vocabulary
  #unkId: number | undefined
  #rules: MergeRules
  #cache: WordCache<Symbols>

  constructor(options: BpeOptions) {
    const { vocab, unkToken = null, fuseUnk = false, byteFallback = false, ignoreMerges = false } = options
    const { merges, continuingSubwordPrefix = null, endOfWordSuffix = null, cacheCapacity = 65536 } = options
    requireInteger(cacheCapacity, 'BPE: cacheCapacity', 0)
    const decorations = { continuingSubwordPrefix, endOfWordSuffix }
    this.options = { merges, unkToken, fuseUnk, byteFallback, ignoreMerges, ...decorations, cacheCapacity }
    this.#vocabulary = indexVocabulary(vocab)
    this.#unkId = unkToken === null ? undefined : this.#vocabulary.ids.get(unkToken)
    if (unkToken !== null && this.#unkId === undefined) {
      const message = `BPE: model.unk_token must be a token of model.vocab, got ${describe(unkToken)}`
      throw new SurprisalError('format', message)
    }
    this.#rules = new MergeRules(merges, this.#vocabulary.ids, continuingSubwordPrefix ?? '')
    this.#cache = new WordCache(cacheCapacity)
  }

  /** How many tokens there are; gaps do not count. */
  get vocabSize(): number {
    return this.#vocabulary.ids.size
  }

  /** The ids by token. */
  get vocab(): ReadonlyMap<string, number> {
    return this.#vocabulary.ids
  }

  /**
   * The tokens of one word: their ids, and where each stands in the word (UTF-16 `starts` and `ends`).
   * The arrays are shared with the cache: read them, do not write.
   */
  encodeWord(word: string): Symbols {
    requireString(word, 'encodeWord: word')
    const known = this.#cache.get(word)
    if (known !== undefined) return known
    const symbols = this.#encode(word)
    if (word.length <= LONGEST_CACHED) this.#cache.set(word, symbols)
    return symbols
  }

  /** The id of a token, or undefined. */
  tokenToId(token: string): number | undefined {
    return this.#vocabulary.ids.get(token)
  }

  /** The token of an id, or undefined. */
  idToToken(id: number): string | undefined {
    return this.#vocabulary.tokens[id]
  }

  /** Forgets all cached words. */
  clearCache(): void {
    this.#cache.clear()
  }

  /** The `model` section of a tokenizer.json. */
  toJSON(): object {
    const { merges, unkToken, fuseUnk, byteFallback, ignoreMerges } = this.options
    // Without a prototype a token named __proto__ is a key like any other.
    const vocab: Record<string, number> = Object.create(null)
    for (const token of this.#vocabulary.tokens) {
      if (token !== undefined) vocab[token] = this.#vocabulary.ids.get(token) as number
    }
    return {
      type: 'BPE',
      dropout: null,
      unk_token: unkToken,
      continuing_subword_prefix: this.options.continuingSubwordPrefix,
      end_of_word_suffix: this.options.endOfWordSuffix,
      fuse_unk: fuseUnk,
      byte_fallback: byteFallback,
      ignore_merges: ignoreMerges,
      vocab,
      merges: merges.map(([left, right]) => [left, right]),
    }
  }

  #encode(word: string): Symbols {
    const whole = this.options.ignoreMerges ? this.#vocabulary.ids.get(word) : undefined
    if (whole !== undefined) {
      return { ids: Int32Array.of(whole), starts: Int32Array.of(0), ends: Int32Array.of(word.length) }
    }
    const symbols = initialSymbols(word, {
      vocab: this.#vocabulary.ids,
      unkId: this.#unkId,
      fuseUnk: this.options.fuseUnk,
      byteFallback: this.options.byteFallback,
      continuingSubwordPrefix: this.options.continuingSubwordPrefix ?? '',
      endOfWordSuffix: this.options.endOfWordSuffix ?? '',
    })
    const size = mergeSymbols(symbols, this.#rules)
    return {
      ids: symbols.ids.slice(0, size),
      starts: symbols.starts.slice(0, size),
      ends: symbols.ends.slice(0, size),
    }
  }
}
