import { SurprisalError } from '@surprisal/tensor'
import { describe } from '../_shared/describe.ts'
import { requireInteger } from '../_shared/require.ts'
import { byteAlphabet } from '../bytes/alphabet.ts'
import { ByteLevel } from '../pre-tokenizers/byte-level.ts'
import type { PreTokenizer } from '../pre-tokenizers/pre-tokenizer.ts'
import { chooseAlphabet, GrowingVocabulary, segmentWords } from './bpe-alphabet.ts'
import { learnMerges } from './learn-merges.ts'
import { countWords, isWordCounts, requireWordCounts, type WordCounts } from './word-counts.ts'

/** Options of `trainBpe`. */
export interface TrainBpeOptions {
  /** How many tokens to end with: special tokens, alphabet and merged ones together. @default 30000 */
  vocabSize?: number
  /** Pairs seen less often are not merged. @default 0 */
  minFrequency?: number
  /** Tokens that get the first ids, in this order. @default [] */
  specialTokens?: readonly string[]
  /** Characters that are in the alphabet whatever the corpus holds. @default the byte alphabet for texts, [] for word counts */
  initialAlphabet?: Iterable<string>
  /** Largest alphabet, `initialAlphabet` included. @default unlimited */
  limitAlphabet?: number | null
  /** Decoration of every symbol but the first of a word. @default none */
  continuingSubwordPrefix?: string | null
  /** Decoration of the last symbol of a word. @default none */
  endOfWordSuffix?: string | null
  /** Most characters of the text that one token may cover. @default unlimited */
  maxTokenLength?: number | null
  /** Cuts texts into words; not used for word counts. @default new preTokenizers.ByteLevel() */
  preTokenizer?: PreTokenizer
  /** Called now and then with the number of tokens so far, and at the end. */
  onProgress?: (progress: { tokens: number; vocabSize: number }) => void
  /** Looked at between merges: abort it before the call or from `onProgress`. */
  signal?: AbortSignal
}

/** What `trainBpe` has learned. */
export interface TrainedBpe {
  /** All tokens in id order. */
  tokens: string[]
  /** The merges, the most urgent first. */
  merges: [string, string][]
  /** The special tokens, which have the first ids. */
  specialTokens: string[]
}

/**
 * Learns a byte pair encoding (Sennrich, Haddow and Birch, 2016): starting from single characters, the pair that stands
 * side by side most often becomes a new token, over and over. Of equally frequent pairs the smaller (left id, right id)
 * wins, so equal input gives equal output everywhere. Counts are kept up to date, not recounted.
 *
 * @param corpus texts, which are cut into words by `preTokenizer`, or words with their counts
 * @throws {SurprisalError} `argument` for an empty corpus, or a `vocabSize` that special tokens and alphabet exceed
 * @throws the reason of `signal` when it is aborted
 * @example
 * trainBpe([['low', 5], ['lower', 2]], { vocabSize: 7 }).merges // [['l', 'o'], ['lo', 'w']]
 */
export function trainBpe(corpus: Iterable<string> | WordCounts, options: TrainBpeOptions = {}): TrainedBpe {
  const { vocabSize = 30000, minFrequency = 0, specialTokens = [], onProgress, signal } = options
  const { limitAlphabet, maxTokenLength, continuingSubwordPrefix, endOfWordSuffix } = options
  requireInteger(vocabSize, 'trainBpe: vocabSize', 1)
  requireInteger(minFrequency, 'trainBpe: minFrequency', 0)
  if (limitAlphabet != null) requireInteger(limitAlphabet, 'trainBpe: limitAlphabet', 0)
  if (maxTokenLength != null) requireInteger(maxTokenLength, 'trainBpe: maxTokenLength', 1)
  if (typeof corpus === 'string' || typeof corpus?.[Symbol.iterator] !== 'function') {
    throw new SurprisalError('argument', `trainBpe: corpus must be texts or word counts, got ${describe(corpus)}`)
  }
  signal?.throwIfAborted()

  const counted = isWordCounts(corpus)
  if (counted) requireWordCounts(corpus, 'trainBpe: corpus')
  const words = counted ? corpus : countWords(corpus as Iterable<string>, options.preTokenizer ?? new ByteLevel())
  if (words.length === 0) throw new SurprisalError('argument', 'trainBpe: corpus must hold at least one word, got none')

  const initial = [...(options.initialAlphabet ?? (counted ? [] : byteAlphabet()))]
  requireCharacters(initial)
  const alphabet = chooseAlphabet(words, initial, limitAlphabet ?? Number.POSITIVE_INFINITY)
  const vocabulary = new GrowingVocabulary()
  for (const token of [...specialTokens, ...alphabet]) vocabulary.idOf(token)
  const prefix = continuingSubwordPrefix ?? ''
  const segmented = segmentWords(words, vocabulary, prefix, endOfWordSuffix ?? '')
  if (vocabulary.tokens.length > vocabSize) {
    const specials = new Set(specialTokens).size
    const parts = `${specials} special tokens + ${vocabulary.tokens.length - specials} alphabet symbols`
    throw new SurprisalError('argument', `trainBpe: vocabSize ${vocabSize} < ${parts}`)
  }

  const times = words.map(([, count]) => count)
  const limits = { vocabSize, minFrequency, maxTokenLength: maxTokenLength ?? Number.POSITIVE_INFINITY, prefix }
  const merges = learnMerges(segmented, times, vocabulary, { ...limits, onProgress, signal })
  return { tokens: vocabulary.tokens, merges, specialTokens: [...new Set(specialTokens)] }
}

function requireCharacters(alphabet: readonly string[]): void {
  const wrong = alphabet.find(character => [...character].length !== 1)
  if (wrong !== undefined) {
    const message = `trainBpe: initialAlphabet must hold single characters, got ${describe(wrong)}`
    throw new SurprisalError('argument', message)
  }
}
