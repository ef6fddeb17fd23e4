import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxTokens, toTokenBatch } from './token-batch.ts'

fc.configureGlobal({ seed: 1 })

describe('toTokenBatch', () => {
  it('lists each token once and says where it is used', () => {
    expect(toTokenBatch([[7, 5, 7], [], [5]])).toEqual({
      size: 3,
      tokens: Int32Array.of(7, 5),
      positions: Int32Array.of(0, 1, 0, 1),
      texts: Int32Array.of(0, 0, 0, 2),
    })
  })

  it('holds nothing for nothing', () => {
    expect(toTokenBatch([])).toEqual({
      size: 0,
      tokens: new Int32Array(0),
      positions: new Int32Array(0),
      texts: new Int32Array(0),
    })
  })

  it('can be read back, up to the longest length', () => {
    const text = fc.array(fc.nat(50), { maxLength: 2 * maxTokens })
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), texts => {
        const { size, tokens, positions, texts: owners } = toTokenBatch(texts)
        const read: number[][] = Array.from({ length: size }, () => [])
        positions.forEach((position, i) => {
          read[owners[i]].push(tokens[position])
        })
        expect(read).toEqual(texts.map(list => list.slice(0, maxTokens)))
        expect(new Set(tokens).size).toBe(tokens.length)
      }),
    )
  })
})
