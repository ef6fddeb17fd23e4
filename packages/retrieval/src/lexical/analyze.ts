/**
 * Text to terms: Unicode words, lower case, then stop words and stemming where asked for.
 *
 * Words are those of UAX #29, as `Intl.Segmenter` finds them ("don't", "3.14" and "u.s" are one word each, "well-known"
 * is two; Chinese or Thai text is split by dictionary), but without those of underscores alone. Runs of ASCII take a regular expression with the same rules,
 * which is many times faster.
 */
import { requireList, requireOneOf } from '../_shared/check.ts'
import { porterStem } from './porter.ts'
import { ENGLISH_STOP_WORDS } from './stop-words.ts'

/** How text becomes terms. */
export interface AnalyzeOptions {
  /**
   * Words to leave out: `'english'` is {@link ENGLISH_STOP_WORDS}; a list is compared after lower-casing.
   * @default 'none'
   */
  stopWords?: 'english' | 'none' | readonly string[]
  /**
   * `'porter'` drops a possessive 's and applies {@link porterStem}.
   * @default 'none'
   */
  stemmer?: 'porter' | 'none'
}

/** Turns text into terms. */
export type Analyzer = (text: string) => string[]

/** A term and where in the text its word stands, in UTF-16 units: `text.slice(start, end)` is the word. */
export interface TermSpan {
  term: string
  start: number
  end: number
}

const ASCII_WORD = /(?<!\w)_*[A-Za-z0-9]\w*(?:(?:(?<=[A-Za-z])['.:](?=[A-Za-z])|(?<=[0-9])[.,;'](?=[0-9]))\w+)*/g
const ONLY_UNDERSCORES = /^_+$/
const ONLY_ASCII = /^[\0-\x7f]*$/
const MEMO_SIZE = 1 << 16

/**
 * The terms of a text, in its order.
 *
 * @throws {SurprisalError} `'argument'`: unknown stop word set or stemmer
 * @example
 * analyze("The cats' whiskers", { stopWords: 'english', stemmer: 'porter' }) // => ['cat', 'whisker']
 */
export function analyze(text: string, options: AnalyzeOptions = {}): string[] {
  return createAnalyzer(options)(text)
}

/** The terms of a text with the places of their words, for highlighting. */
export function analyzeSpans(text: string, options: AnalyzeOptions = {}): TermSpan[] {
  const toTerm = termOf(options)
  const spans: TermSpan[] = []
  for (const { word, start } of words(text)) {
    const term = toTerm(word)
    if (term !== '') spans.push({ term, start, end: start + word.length })
  }
  return spans
}

/** An analyzer that remembers the stems it has seen: use one for many texts. */
export function createAnalyzer(options: AnalyzeOptions = {}): Analyzer {
  const toTerm = termOf(options)
  const memo = new Map<string, string>()
  return text => {
    const terms: string[] = []
    for (const { word } of words(text)) {
      let term = memo.get(word)
      if (term === undefined) {
        term = toTerm(word)
        if (memo.size === MEMO_SIZE) memo.clear()
        memo.set(word, term)
      }
      if (term !== '') terms.push(term)
    }
    return terms
  }
}

/** A function from word to term, the empty string for a word to leave out. */
function termOf({ stopWords = 'none', stemmer = 'none' }: AnalyzeOptions): (word: string) => string {
  requireOneOf('analyze', 'stemmer', stemmer, ['porter', 'none'])
  if (typeof stopWords === 'string') requireOneOf('analyze', 'stopWords', stopWords, ['english', 'none'])
  else requireList('analyze', 'stopWords', stopWords)
  const stop = new Set(stopWords === 'english' ? ENGLISH_STOP_WORDS : stopWords === 'none' ? [] : stopWords)
  return word => {
    const term = normalized(word)
    if (stop.has(term)) return ''
    return stemmer === 'porter' ? porterStem(term.replace(/'s$/, '')) : term
  }
}

/** Lower case, compatibility forms unified, the typographic apostrophe made plain. */
function normalized(word: string): string {
  const lower = word.toLowerCase()
  return ONLY_ASCII.test(lower) ? lower : lower.normalize('NFKC').replaceAll('\u2019', "'")
}

function* words(text: string): Generator<{ word: string; start: number }> {
  if (ONLY_ASCII.test(text)) {
    yield* asciiWords(text, 0)
    return
  }
  // No word crosses white space; short pieces also keep the segmenter's results, which hold their input, small.
  for (const { 0: piece, index } of text.matchAll(/\S+/g)) {
    if (ONLY_ASCII.test(piece)) yield* asciiWords(piece, index)
    else yield* segmentedWords(piece, index)
  }
}

function* asciiWords(text: string, offset: number): Generator<{ word: string; start: number }> {
  for (const { 0: word, index } of text.matchAll(ASCII_WORD)) yield { word, start: offset + index }
}

let segmenter: Intl.Segmenter | undefined

function* segmentedWords(text: string, offset: number): Generator<{ word: string; start: number }> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'word' })
  for (const { segment, index, isWordLike } of segmenter.segment(text)) {
    if (isWordLike && !ONLY_UNDERSCORES.test(segment)) yield { word: segment, start: offset + index }
  }
}
