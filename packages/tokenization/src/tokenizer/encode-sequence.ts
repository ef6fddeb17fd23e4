import type { BPE } from '../models/bpe.ts'
import type { PreToken, PreTokenizer } from '../pre-tokenizers/pre-tokenizer.ts'
import type { AddedTokens } from './added-tokens.ts'
import { Encoding } from './encoding.ts'

/** Encodes one text as sequence 0 or 1, without a post-processor; offsets are UTF-16. */
export function encodeSequence(
  text: string,
  sequence: number,
  added: AddedTokens,
  preTokenizer: PreTokenizer | null,
  model: BPE,
): Encoding {
  const encoding = new Encoding()
  let word = 0
  for (const { start, end, token } of added.split(text)) {
    const part = text.slice(start, end)
    if (token !== null) {
      encoding.push(token.id, part, [start, end], word++, sequence)
      continue
    }
    const words = preTokenizer?.preTokenize(part) ?? [{ text: part, start: 0, end: part.length, alignment: null }]
    for (const preToken of words) {
      const { ids, starts, ends } = model.encodeWord(preToken.text)
      for (let i = 0; i < ids.length; i++) {
        const [from, to] = originalSpan(preToken, starts[i], ends[i])
        encoding.push(ids[i], model.idToToken(ids[i]) as string, [start + from, start + to], word, sequence)
      }
      word++
    }
  }
  return encoding
}

function originalSpan({ start, alignment }: PreToken, from: number, to: number): [number, number] {
  if (alignment === null) return [start + from, start + to]
  return [alignment[2 * from], alignment[2 * to - 1]]
}
