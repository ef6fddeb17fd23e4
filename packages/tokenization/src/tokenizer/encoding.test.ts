import { describe, expect, it } from 'vitest'
import { Encoding } from './encoding.ts'

/** "ab cd" as a, b, [a gap], cd and the pair "x". */
function example(): Encoding {
  const encoding = new Encoding()
  encoding.push(1, 'a', [0, 1], 0, 0)
  encoding.push(2, 'b', [1, 2], 0, 0)
  encoding.push(3, 'cd', [3, 5], 1, 0)
  const pair = new Encoding()
  pair.push(4, 'x', [0, 1], 0, 1)
  encoding.append(pair)
  return encoding
}

describe('Encoding', () => {
  it('keeps its lists in step', () => {
    const { overflowing, ...lists } = example()
    expect(overflowing).toEqual([])
    expect(lists).toEqual({
      ids: [1, 2, 3, 4],
      tokens: ['a', 'b', 'cd', 'x'],
      offsets: [
        [0, 1],
        [1, 2],
        [3, 5],
        [0, 1],
      ],
      typeIds: [0, 0, 0, 1],
      attentionMask: [1, 1, 1, 1],
      specialTokensMask: [0, 0, 0, 0],
      wordIds: [0, 0, 1, 0],
      sequenceIds: [0, 0, 0, 1],
    })
    expect(example().length).toBe(4)
  })

  it('finds the token of a position', () => {
    const encoding = example()
    expect([0, 1, 2, 4, 5].map(position => encoding.charToToken(position))).toEqual([0, 1, undefined, 2, undefined])
    expect(encoding.charToToken(0, 1)).toBe(3)
  })

  it('finds the characters of a token', () => {
    const encoding = example()
    expect([encoding.tokenToChars(2), encoding.tokenToChars(9)]).toEqual([[3, 5], undefined])
    encoding.sequenceIds[2] = null
    expect(encoding.tokenToChars(2)).toBeUndefined()
  })

  it('finds the tokens of a word', () => {
    const encoding = example()
    expect([encoding.wordToTokens(0), encoding.wordToTokens(1), encoding.wordToTokens(2)]).toEqual([
      [0, 2],
      [2, 3],
      undefined,
    ])
    expect(encoding.wordToTokens(0, 1)).toEqual([3, 4])
  })
})
