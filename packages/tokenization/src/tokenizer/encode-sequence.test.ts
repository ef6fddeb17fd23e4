import { expect, it } from 'vitest'
import { byteAlphabet } from '../bytes/alphabet.ts'
import { BPE } from '../models/bpe.ts'
import { ByteLevel } from '../pre-tokenizers/byte-level.ts'
import { AddedTokens } from './added-tokens.ts'
import { encodeSequence } from './encode-sequence.ts'

const model = new BPE({ vocab: [...byteAlphabet(), 'Ã©'], merges: [['Ã', '©']] })
const added = new AddedTokens([{ id: 999, content: '<s>' }], model)

it('maps tokens of bytes back to the characters of the text, after an added token too', () => {
  const { tokens, offsets } = encodeSequence('<s>é😀', 0, added, new ByteLevel(), model)
  expect(tokens).toEqual(['<s>', 'Ã©', 'ð', 'Ł', 'ĺ', 'Ģ'])
  expect(offsets).toEqual([[0, 3], [3, 4], ...Array(4).fill([4, 6])])
})

it('adds the prefix space to every part that added tokens cut', () => {
  const { tokens, offsets } = encodeSequence('a<s>b', 1, added, new ByteLevel({ addPrefixSpace: true }), model)
  expect(tokens).toEqual(['Ġ', 'a', '<s>', 'Ġ', 'b'])
  expect(offsets).toEqual([
    [0, 1],
    [0, 1],
    [1, 4],
    [4, 5],
    [4, 5],
  ])
})

it('marks everything as its sequence', () => {
  const { sequenceIds, typeIds, wordIds } = encodeSequence('a b', 1, added, new ByteLevel(), model)
  expect([sequenceIds, typeIds, wordIds]).toEqual([
    [1, 1, 1],
    [1, 1, 1],
    [0, 1, 1],
  ])
})
