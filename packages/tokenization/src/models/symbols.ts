/** A word as a row of symbols: the id of each, and where it stands in the word (UTF-16 start and end). */
export interface Symbols {
  ids: Int32Array
  starts: Int32Array
  ends: Int32Array
}

/** What decides the first symbols of a word. */
export interface SymbolRules {
  vocab: ReadonlyMap<string, number>
  /** Id that stands for what is not in the vocabulary, or undefined: such a character is dropped. */
  unkId: number | undefined
  fuseUnk: boolean
  byteFallback: boolean
  continuingSubwordPrefix: string
  endOfWordSuffix: string
}

const utf8 = new TextEncoder()

/**
 * The symbols a word starts from: its code points, decorated by prefix and suffix; one that the vocabulary lacks
 * becomes byte tokens `<0xHH>` when all of them exist, else the unknown token (one for a whole run when fused), else nothing.
 */
export function initialSymbols(word: string, rules: SymbolRules): Symbols {
  const ids: number[] = []
  const starts: number[] = []
  const ends: number[] = []
  let openUnk = false
  for (let start = 0; start < word.length; ) {
    const end = start + ((word.codePointAt(start) as number) > 0xffff ? 2 : 1)
    const symbol =
      (start > 0 ? rules.continuingSubwordPrefix : '') +
      word.slice(start, end) +
      (end === word.length ? rules.endOfWordSuffix : '')
    const id = rules.vocab.get(symbol)
    const known = id !== undefined ? [id] : rules.byteFallback ? byteTokens(symbol, rules.vocab) : []
    if (known.length > 0) {
      for (const one of known) {
        ids.push(one)
        starts.push(start)
        ends.push(end)
      }
      openUnk = false
    } else if (openUnk && rules.fuseUnk) {
      ends[ends.length - 1] = end
    } else if (rules.unkId !== undefined) {
      ids.push(rules.unkId)
      starts.push(start)
      ends.push(end)
      openUnk = true
    }
    start = end
  }
  return { ids: Int32Array.from(ids), starts: Int32Array.from(starts), ends: Int32Array.from(ends) }
}

/** The byte tokens of a symbol, or none when one of them is missing. */
function byteTokens(symbol: string, vocab: ReadonlyMap<string, number>): number[] {
  const ids: number[] = []
  for (const byte of utf8.encode(symbol)) {
    const id = vocab.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)
    if (id === undefined) return []
    ids.push(id)
  }
  return ids
}
