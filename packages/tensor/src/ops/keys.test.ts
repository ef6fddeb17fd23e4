import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { threefry2x32 } from '../threefry.ts'
import { expectError } from './__fixtures__/test-tools.ts'
import { foldIn, keyOf, randomKey, splitKey } from './keys.ts'

describe('randomKey', () => {
  it('splits a seed into two words', () => {
    expect(randomKey(42)).toEqual([0, 42])
    expect(randomKey(2 ** 32 + 7)).toEqual([1, 7])
    expect(randomKey(2 ** 53 - 1)).toEqual([2 ** 21 - 1, 2 ** 32 - 1])
  })

  it('refuses what is no seed', () => {
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN])
      expectError(
        () => randomKey(seed),
        'argument',
        `randomKey: seed must be an integer from 0 to 2^53 - 1, got ${seed}`,
      )
    expectError(
      () => randomKey('1' as never),
      'argument',
      'randomKey: seed must be an integer from 0 to 2^53 - 1, got string 1',
    )
  })
})

describe('splitKey and foldIn', () => {
  it('give child i as Threefry at the counter [0, i]', () => {
    const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    fc.assert(
      fc.property(word, word, fc.nat(6), (a, b, n) => {
        const children = splitKey([a, b], n)
        expect(children).toEqual(Array.from({ length: n }, (_, i) => threefry2x32([a, b], [0, i])))
        children.forEach((child, i) => {
          expect(foldIn([a, b], i)).toEqual(child)
        })
      }),
    )
  })

  it('split in two by default, and take seeds', () => {
    expect(splitKey([0, 0])).toEqual([
      [1797259609, 2579123966],
      [928981903, 3453687069],
    ])
    expect(splitKey(5, {})).toEqual(splitKey([0, 5], 2))
    expect(foldIn(5, 1)).toEqual(foldIn([0, 5], 1))
  })

  it('refuse other numbers', () => {
    expectError(() => splitKey([0, 0], -1), 'argument', 'splitKey: n must be an integer of at least 0, got -1')
    expectError(() => foldIn([0, 0], -1), 'argument', 'foldIn: i must be an integer from 0 to 2^32 - 1, got -1')
    expectError(
      () => foldIn([0, 0], 2 ** 32),
      'argument',
      'foldIn: i must be an integer from 0 to 2^32 - 1, got 4294967296',
    )
  })
})

describe('a key argument', () => {
  it('is a pair or a seed', () => {
    expect(keyOf('uniform', [1, 2])).toEqual([1, 2])
    expect(keyOf('uniform', 3)).toEqual([0, 3])
  })

  it('is nothing else', () => {
    const refuse = (key: unknown, text: string) =>
      expectError(
        () => keyOf('uniform', key as never),
        'argument',
        `uniform: key must be a pair of uint32 numbers, got ${text}`,
      )
    refuse([1], '[1]')
    refuse([-1, 0], '[-1, 0]')
    refuse([0, 2 ** 32], '[0, 4294967296]')
    refuse([0.5, 0], '[0.5, 0]')
    refuse(undefined, 'undefined')
    refuse(null, 'null')
  })
})
