import { SurprisalError } from '@surprisal/tensor'
import { characterClass, SPACE } from '../_shared/character-class.ts'
import { describe } from '../_shared/describe.ts'
import { requireInteger, requireString } from '../_shared/require.ts'
import type { BPE } from '../models/bpe.ts'

/** A token that is cut out of the text before the model sees it. */
export interface AddedToken {
  /** Its id, which may lie outside of the model's vocabulary. */
  id: number
  /** The text that it stands for. */
  content: string
  /** Not where a word goes on before or after it. @default false */
  singleWord?: boolean
  /** Swallows the white space before it. @default false */
  lstrip?: boolean
  /** Swallows the white space after it. @default false */
  rstrip?: boolean
  /** Looked for in the normalised text, after the tokens that are not. @default false */
  normalized?: boolean
  /** Left out when decoding, unless asked for. @default true */
  special?: boolean
}

/** A stretch of text, UTF-16, that is an added token, or none. */
export interface Stretch {
  start: number
  end: number
  token: Required<AddedToken> | null
}

const WORD_CHARACTER = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u

/** The added tokens of a tokenizer: finds them in texts, leftmost first and of those the longest. */
export class AddedTokens {
  /** All of them, defaults filled in. */
  readonly list: readonly Required<AddedToken>[]
  #byContent = new Map<string, Required<AddedToken>>()
  #byId = new Map<number, Required<AddedToken>>()
  #patterns: RegExp[]

  /**
   * @param model whose vocabulary the tokens may share, with the same ids
   * @throws {SurprisalError} `format` when an id belongs to another token
   */
  constructor(tokens: readonly AddedToken[], model: BPE) {
    this.list = tokens.map((token, index) => {
      requireInteger(token.id, `Tokenizer: added_tokens[${index}].id`, 0)
      requireString(token.content, `Tokenizer: added_tokens[${index}].content`)
      const { singleWord = false, lstrip = false, rstrip = false, normalized = false, special = true } = token
      return { id: token.id, content: token.content, singleWord, lstrip, rstrip, normalized, special }
    })
    this.list.forEach((token, index) => {
      const holder = this.#byId.get(token.id)?.content ?? model.idToToken(token.id) ?? token.content
      const id = this.#byContent.get(token.content)?.id ?? model.tokenToId(token.content) ?? token.id
      if (holder !== token.content || id !== token.id) {
        const why = id !== token.id ? `the token has id ${id}` : `it belongs to ${describe(holder)}`
        const message = `Tokenizer: added_tokens[${index}].id must be the id of ${describe(token.content)} alone`
        throw new SurprisalError('format', `${message}, got ${token.id}: ${why}`)
      }
      this.#byContent.set(token.content, token)
      this.#byId.set(token.id, token)
    })
    const isThere = (token: AddedToken): boolean => token.content.length > 0
    const raw = this.list.filter(token => !token.normalized && isThere(token))
    const normalized = this.list.filter(token => token.normalized && isThere(token))
    this.#patterns = [raw, normalized].filter(group => group.length > 0).map(longestFirst)
  }

  /** The added token with this content, or undefined. */
  byContent(content: string): Required<AddedToken> | undefined {
    return this.#byContent.get(content)
  }

  /** The added token with this id, or undefined. */
  byId(id: number): Required<AddedToken> | undefined {
    return this.#byId.get(id)
  }

  /** Cuts `text` at its added tokens; the stretches follow one another, and none is empty. */
  split(text: string): Stretch[] {
    let stretches: Stretch[] = text.length > 0 ? [{ start: 0, end: text.length, token: null }] : []
    for (const pattern of this.#patterns) {
      stretches = stretches.flatMap(stretch => (stretch.token === null ? this.#cut(text, stretch, pattern) : [stretch]))
    }
    return stretches
  }

  /** The `added_tokens` section of a tokenizer.json. */
  toJSON(): object[] {
    return this.list.map(({ id, content, singleWord, lstrip, rstrip, normalized, special }) => {
      return { id, content, single_word: singleWord, lstrip, rstrip, normalized, special }
    })
  }

  #cut(text: string, { start: base, end: limit }: Stretch, pattern: RegExp): Stretch[] {
    const part = text.slice(base, limit)
    const found: Stretch[] = []
    let cursor = 0
    for (const { 0: content, index } of part.matchAll(pattern)) {
      const token = this.#byContent.get(content) as Required<AddedToken>
      let [start, end] = [index, index + content.length]
      if (start < cursor || (token.singleWord && (wordEndsAt(part, start) || wordStartsAt(part, end)))) continue
      while (token.lstrip && start > cursor && isSpace(part, start - 1)) start--
      while (token.rstrip && end < part.length && isSpace(part, end)) end++
      if (start > cursor) found.push({ start: base + cursor, end: base + start, token: null })
      found.push({ start: base + start, end: base + end, token })
      cursor = end
    }
    if (cursor < part.length) found.push({ start: base + cursor, end: limit, token: null })
    return found
  }
}

// An alternation tries its parts in order, so the longest come first.
function longestFirst(tokens: readonly AddedToken[]): RegExp {
  const contents = tokens.map(token => token.content).sort((a, b) => b.length - a.length)
  return new RegExp(contents.map(content => content.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&')).join('|'), 'gu')
}

function isSpace(text: string, index: number): boolean {
  return characterClass(text.charCodeAt(index)) === SPACE
}

function wordStartsAt(text: string, index: number): boolean {
  return WORD_CHARACTER.test(text.slice(index, index + 2))
}

function wordEndsAt(text: string, index: number): boolean {
  const before = text.codePointAt(index - 2)
  return WORD_CHARACTER.test(
    before !== undefined && before > 0xffff ? text.slice(index - 2, index) : text.charAt(index - 1),
  )
}
