import { SurprisalError } from '@surprisal/tensor'
import { describe } from '../_shared/describe.ts'

/** Ids must stay below this, so that pairs and ranks pack into exact numbers. */
const ID_LIMIT = 2 ** 26

/** Tokens and ids, both ways. Ids may have gaps. */
export interface Vocabulary {
  ids: ReadonlyMap<string, number>
  tokens: readonly (string | undefined)[]
}

/**
 * Indexes a vocabulary given as tokens in id order or as ids by token.
 *
 * @throws {SurprisalError} `format` when an id is no integer in [0, 2^26), or two tokens share one
 */
export function indexVocabulary(vocab: ReadonlyMap<string, number> | readonly string[]): Vocabulary {
  const pairs: Iterable<[string, number]> = vocab instanceof Map ? vocab : [...vocab].map((t, id) => [t as string, id])
  const ids = new Map<string, number>()
  const tokens: (string | undefined)[] = []
  for (const [token, id] of pairs) {
    const where = `BPE: model.vocab[${describe(token)}]`
    if (!Number.isInteger(id) || id < 0 || id >= ID_LIMIT) {
      throw new SurprisalError('format', `${where} must be an integer in [0, ${ID_LIMIT}), got ${describe(id)}`)
    }
    if (tokens[id] !== undefined || ids.has(token)) {
      const taken = tokens[id] === undefined ? 'the token is there twice' : `it belongs to ${describe(tokens[id])}`
      throw new SurprisalError('format', `${where} must be an id of its own, got ${id}: ${taken}`)
    }
    ids.set(token, id)
    tokens[id] = token
  }
  return { ids, tokens }
}
