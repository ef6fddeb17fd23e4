import { requireString } from '../_shared/require.ts'
import { byteSpans, toByteAlphabet } from '../bytes/alphabet.ts'
import { nextGpt2Piece } from './gpt2-pattern.ts'
import type { PreToken, PreTokenizer } from './pre-tokenizer.ts'

/** Options of the `ByteLevel` pre-tokenizer. */
export interface ByteLevelOptions {
  /** Put a space before a text that does not begin with one. @default false */
  addPrefixSpace?: boolean
  /** Kept for the file format; trimming is the post-processor's work. @default true */
  trimOffsets?: boolean
  /** Split by the GPT-2 pattern; otherwise the whole text is one word. @default true */
  useRegex?: boolean
}

// A word of printable ASCII, after at most one blank, is its own spelling in the byte alphabet (blank: U+0120).
const PLAIN = /^ ?[!-~]*$/

/**
 * Byte-level pre-tokenizer (GPT-2, Radford et al., 2019): splits by the GPT-2 pattern and writes each word's UTF-8
 * bytes in the byte alphabet, so that no text is ever unknown. A lone surrogate counts as U+FFFD.
 *
 * @example
 * new preTokenizers.ByteLevel().preTokenize('it\'s ü').map(word => word.text) // ['it', "'s", 'ĠÃ¼']
 */
export class ByteLevel implements PreTokenizer {
  /** Whether a space is put before a text that does not begin with one. */
  readonly addPrefixSpace: boolean
  /** Kept for the file format. */
  readonly trimOffsets: boolean
  /** Whether the text is split by the GPT-2 pattern. */
  readonly useRegex: boolean

  constructor({ addPrefixSpace = false, trimOffsets = true, useRegex = true }: ByteLevelOptions = {}) {
    this.addPrefixSpace = addPrefixSpace
    this.trimOffsets = trimOffsets
    this.useRegex = useRegex
  }

  preTokenize(text: string): PreToken[] {
    requireString(text, 'preTokenize: text')
    const words: PreToken[] = []
    const source = this.#withPrefix(text)
    const inserted = source.length - text.length
    for (let start = 0; start < source.length; ) {
      const end = this.#next(source, start)
      words.push(align(source.slice(start, end), start - inserted, text))
      start = end
    }
    return words
  }

  forEachWord(text: string, visit: (word: string) => void): void {
    const source = this.#withPrefix(text)
    for (let start = 0; start < source.length; ) {
      const end = this.#next(source, start)
      visit(spell(source.slice(start, end)))
      start = end
    }
  }

  toJSON(): object {
    const { addPrefixSpace, trimOffsets, useRegex } = this
    return { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: trimOffsets, use_regex: useRegex }
  }

  #withPrefix(text: string): string {
    return this.addPrefixSpace && text.length > 0 && text[0] !== ' ' ? ' ' + text : text
  }

  #next(source: string, start: number): number {
    return this.useRegex ? nextGpt2Piece(source, start) : source.length
  }
}

function spell(word: string): string {
  if (!PLAIN.test(word)) return toByteAlphabet(word)
  return word[0] === ' ' ? 'Ġ' + word.slice(1) : word
}

// `start` is -1 for a word that begins with the inserted blank, which shares the span of the character after it.
function align(word: string, start: number, text: string): PreToken {
  const plain = PLAIN.test(word)
  const spelled = spell(word)
  if (plain && start >= 0) return { text: spelled, start, end: start + word.length, alignment: null }
  const spans = byteSpans(word, start)
  if (start < 0) {
    spans[0] = 0
    spans[1] = (text.codePointAt(0) as number) > 0xffff ? 2 : 1
  }
  return { text: spelled, start: spans[0], end: spans[spans.length - 1], alignment: spans }
}
