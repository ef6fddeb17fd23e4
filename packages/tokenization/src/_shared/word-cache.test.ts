import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WordCache } from './word-cache.ts'

fc.configureGlobal({ seed: 1 })

describe('WordCache', () => {
  it('gives back what was put in', () => {
    const cache = new WordCache<number>(8)
    cache.set('a', 1)
    cache.set('a\0\ud800', 2)
    expect([cache.get('a'), cache.get('a\0\ud800'), cache.get('b')]).toEqual([1, 2, undefined])
  })

  it('never holds more than its capacity, and never a wrong value', () => {
    const capacity = fc.integer({ min: 0, max: 9 })
    const words = fc.array(fc.constantFrom(...'abcdefghijkl'))
    fc.assert(
      fc.property(capacity, words, (capacity, words) => {
        const cache = new WordCache<string>(capacity)
        for (const word of words) {
          const value = cache.get(word)
          if (value === undefined) cache.set(word, word + word)
          else expect(value).toBe(word + word)
          expect(cache.size).toBeLessThanOrEqual(capacity)
        }
      }),
    )
  })

  it('keeps what is asked for over what is not', () => {
    const cache = new WordCache<number>(4)
    cache.set('kept', 0)
    for (let i = 0; i < 20; i++) {
      cache.set(`word ${i}`, i)
      expect(cache.get('kept')).toBe(0)
    }
    expect(cache.get('word 0')).toBeUndefined()
  })

  it('remembers the last word with capacity 1 and nothing with 0', () => {
    const one = new WordCache<number>(1)
    one.set('a', 1)
    one.set('b', 2)
    expect([one.get('a'), one.get('b')]).toEqual([undefined, 2])
    const none = new WordCache<number>(0)
    none.set('a', 1)
    expect(none.get('a')).toBeUndefined()
  })

  it('forgets everything when cleared', () => {
    const cache = new WordCache<number>(2)
    for (const word of ['a', 'b']) cache.set(word, 1)
    cache.clear()
    expect([cache.size, cache.get('a'), cache.get('b')]).toEqual([0, undefined, undefined])
  })
})
