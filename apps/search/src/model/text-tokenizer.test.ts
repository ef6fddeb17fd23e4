import { describe, expect, it } from 'vitest'
import { TextTokenizer } from './text-tokenizer.ts'

const texts = ['a small furry animal', 'a furry cat', 'the cat and the animal', 'small cats', 'furry furry furry']
const tokenizer = TextTokenizer.train(texts, { vocabSize: 300 })

describe('TextTokenizer', () => {
  it('learns pieces up to the size asked for, and reports them', () => {
    const seen: number[] = []
    const trained = TextTokenizer.train(texts, { vocabSize: 265, onProgress: tokens => seen.push(tokens) })
    expect(trained.vocabSize).toBe(265)
    expect(seen.at(-1)).toBe(265)
    expect(tokenizer.encode('furry')).toHaveLength(1)
  })

  it('makes no difference between cases, nor between the beginning and the middle', () => {
    expect(tokenizer.encode('FURRY Cat')).toEqual(tokenizer.encode('furry cat'))
    const [first, second] = tokenizer.encode('furry furry')
    expect(first).toBe(second)
  })

  it('has tokens for whatever is typed', () => {
    for (const text of ['猫 🐈', '\u0000\ud800', 'zzz', '   ']) {
      const tokens = tokenizer.encode(text)
      expect(tokens.length).toBeGreaterThan(0)
      expect(tokens.every(token => token >= 0 && token < tokenizer.vocabSize)).toBe(true)
    }
  })

  it('knows which tokens begin a word', () => {
    const starts = tokenizer.wordStarts()
    expect(starts).toHaveLength(tokenizer.vocabSize)
    const tokens = [...tokenizer.encode('the smallest animals')]
    expect(starts[tokens[0]]).toBe(1)
    expect(tokens.filter(token => starts[token])).toHaveLength(3)
  })

  it('is the same after it was saved', () => {
    const loaded = TextTokenizer.load(JSON.stringify(tokenizer))
    expect(loaded.vocabSize).toBe(tokenizer.vocabSize)
    expect(loaded.wordStarts()).toEqual(tokenizer.wordStarts())
    for (const text of texts) expect(loaded.encode(text)).toEqual(tokenizer.encode(text))
  })

  it('refuses what is no tokenizer', () => {
    expect(() => TextTokenizer.load('{')).toThrow()
    expect(() => TextTokenizer.load('{}')).toThrow()
  })
})
