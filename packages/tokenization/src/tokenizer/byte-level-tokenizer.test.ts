import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trainBpe } from '../trainers/train-bpe.ts'
import { byteLevelTokenizer } from './byte-level-tokenizer.ts'
import { loadTokenizer } from './load-tokenizer.ts'

fc.configureGlobal({ seed: 1 })

const TEXTS = ['the cat sat on the mat', "it's the cat's mat, isn't it?", 'naïve café — 日本語 😀😀', 'a\r\n\tb  c']
const TRAINED = trainBpe(TEXTS, { vocabSize: 330, specialTokens: ['<pad>', '<s>'] })
const TOKENIZER = byteLevelTokenizer(TRAINED)

const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom('\0', '\ufeff', '\u0085', ' ', '  ', '\n', "'s", 'the cat', '日本', '😀', '👩‍👧', 'e\u0301'),
    ),
  )
  .map(parts => parts.join(''))

describe('byteLevelTokenizer', () => {
  it('gives every well-formed text back', () => {
    fc.assert(
      fc.property(nasty, text => {
        expect(TOKENIZER.decode(TOKENIZER.encodeIds(text))).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['\ud800', '\ufffd'],
    ['a\udc00b', 'a\ufffdb'],
    ['\udc00\ud800', '\ufffd\ufffd'],
  ])('gives the lone surrogates of %j back as U+FFFD', (text, expected) => {
    expect(TOKENIZER.decode(TOKENIZER.encodeIds(text))).toBe(expected)
  })

  it('gives the same ids by encode and encodeIds, and offsets that cover the text', () => {
    fc.assert(
      fc.property(nasty, text => {
        const { ids, offsets } = TOKENIZER.encode(text)
        expect([...TOKENIZER.encodeIds(text)]).toEqual(ids)
        let end = 0
        for (const [start, stop] of offsets) {
          expect(start).toBeLessThanOrEqual(end)
          expect(stop).toBeGreaterThanOrEqual(end)
          end = stop
        }
        expect(end).toBe(text.length)
      }),
    )
  })

  it('makes the special tokens of the training added tokens', () => {
    const ids = TOKENIZER.encodeIds('<s>the<pad>')
    expect([ids[0], ids.at(-1)]).toEqual([1, 0])
    expect(TOKENIZER.decode(ids)).toBe('the')
    expect(TOKENIZER.decode(ids, { skipSpecialTokens: false })).toBe('<s>the<pad>')
  })

  it('can be saved and loaded', () => {
    const loaded = loadTokenizer(JSON.stringify(TOKENIZER))
    expect(JSON.stringify(loaded)).toBe(JSON.stringify(TOKENIZER))
    fc.assert(
      fc.property(nasty, text => {
        expect(loaded.encode(text)).toEqual(TOKENIZER.encode(text))
      }),
      { numRuns: 50 },
    )
  })

  it('puts a blank first and trims offsets when asked', () => {
    const tokenizer = byteLevelTokenizer(TRAINED, { addPrefixSpace: true, trimOffsets: true })
    expect(tokenizer.encode('the cat')).toMatchObject({
      tokens: ['Ġthe', 'Ġcat'],
      offsets: [
        [0, 3],
        [4, 7],
      ],
    })
    expect(tokenizer.decode(tokenizer.encodeIds('the cat'))).toBe(' the cat')
  })

  it('gives equal ids without a cache', () => {
    const plain = byteLevelTokenizer(TRAINED, { cacheCapacity: 0 })
    for (const text of TEXTS) expect(plain.encodeIds(text)).toEqual(TOKENIZER.encodeIds(text))
  })

  it('encodes 100,000 equal letters', () => {
    const text = 'a'.repeat(100_000)
    expect(TOKENIZER.decode(TOKENIZER.encodeIds(text))).toBe(text)
  })
})
