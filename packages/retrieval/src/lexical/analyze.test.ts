import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyze, analyzeSpans, createAnalyzer } from './analyze.ts'
import { ENGLISH_STOP_WORDS } from './stop-words.ts'

fc.configureGlobal({ seed: 1 })

describe('analyze', () => {
  it('answers the example of its documentation', () => {
    expect(analyze("The cats' whiskers", { stopWords: 'english', stemmer: 'porter' })).toEqual(['cat', 'whisker'])
  })

  it('finds words, in lower case', () => {
    expect(analyze('The Cat (a well-known MAMMAL) sat; 3.14 times!')).toEqual(
      'the cat a well known mammal sat 3.14 times'.split(' '),
    )
  })

  it("keeps don't, u.s and 1,000 whole, x@y apart", () => {
    expect(analyze("don't U.S. 1,000 x@y.com snake_case 12:30pm")).toEqual(
      "don't u.s 1,000 x y.com snake_case 12 30pm".split(' '),
    )
  })

  it('splits languages without spaces, and unifies forms', () => {
    expect(analyze('\u6211\u559c\u6b22\u732b').length).toBeGreaterThan(1)
    expect(analyze('CAFE\u0301')).toEqual(analyze('caf\u00e9'))
    expect(analyze('\uff26\uff35\uff2c\uff2c')).toEqual(['full'])
    expect(analyze('don\u2019t')).toEqual(["don't"])
  })

  it('is independent of the locale: I is i', () => {
    expect(analyze('TITLE')).toEqual(['title'])
  })

  it('leaves out stop words, of a list of your own too', () => {
    expect(analyze('the cat and the dog', { stopWords: 'english' })).toEqual(['cat', 'dog'])
    expect(analyze('the cat and the dog', { stopWords: ['cat', 'dog'] })).toEqual(['the', 'and', 'the'])
    expect(ENGLISH_STOP_WORDS).toHaveLength(33)
  })

  it('drops the possessive before stemming', () => {
    expect(analyze("the dog's dogs\u2019 bark", { stemmer: 'porter' })).toEqual(['the', 'dog', 'dog', 'bark'])
    expect(analyze("dog's")).toEqual(["dog's"])
  })

  it('is empty for text without words', () => {
    expect(analyze('_ __ \u2013__' + '_'.repeat(100_000))).toEqual([])
    expect(analyze('')).toEqual([])
    expect(analyze(' \n\t -- !? \u{1f600}')).toEqual([])
  })

  it('names options that it does not know', () => {
    expect(() => analyze('x', { stemmer: 'lancaster' as 'porter' })).toThrow(
      'analyze: stemmer must be one of porter, none, got lancaster',
    )
    expect(() => analyze('x', { stopWords: 5 as never })).toThrow('analyze: stopWords must be a list, got 5')
    expect(() => analyze('x', { stopWords: 'german' as 'english' })).toThrow(
      'analyze: stopWords must be one of english, none, got german',
    )
  })

  it('finds in ASCII what Intl.Segmenter finds', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'word' })
    const text = fc.string({ unit: fc.constantFrom(...'aZ09_.,;:\'"-/@ \n'), maxLength: 30 })
    fc.assert(
      fc.property(text, value => {
        const expected = [...segmenter.segment(value)].filter(({ segment }) => /[a-z0-9]/i.test(segment))
        expect(analyzeSpans(value).map(({ start }) => start)).toEqual(expected.map(({ index }) => index))
        expect(analyze(value)).toEqual(expected.map(({ segment }) => segment.toLowerCase()))
      }),
      { numRuns: 500 },
    )
  })
})

describe('analyzeSpans', () => {
  it('says where each word stands', () => {
    const text = 'The Caf\u00e9s\u2014 two dogs'
    const spans = analyzeSpans(text, { stopWords: 'english', stemmer: 'porter' })
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(['Caf\u00e9s', 'two', 'dogs'])
    expect(spans.map(({ term }) => term)).toEqual(['caf\u00e9s', 'two', 'dog'])
  })

  it('has the terms of analyze for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const options = { stopWords: 'english', stemmer: 'porter' } as const
        expect(analyzeSpans(text, options).map(({ term }) => term)).toEqual(analyze(text, options))
        for (const { start, end } of analyzeSpans(text)) expect(text.slice(start, end).trim()).not.toBe('')
      }),
    )
  })
})

describe('createAnalyzer', () => {
  it('gives the same terms every time', () => {
    const analyzer = createAnalyzer({ stopWords: 'english', stemmer: 'porter' })
    expect(analyzer('The running cats')).toEqual(['run', 'cat'])
    expect(analyzer('The running cats')).toEqual(['run', 'cat'])
  })

  it('goes on when it has seen more words than it remembers', () => {
    const analyzer = createAnalyzer({ stemmer: 'porter' })
    const words = Array.from({ length: 70_000 }, (_, i) => `w${i}`)
    expect(analyzer(words.join(' '))).toEqual(words)
    expect(analyzer('cats w1')).toEqual(['cat', 'w1'])
  })
})
