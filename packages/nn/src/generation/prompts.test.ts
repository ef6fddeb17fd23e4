import { describe, expect, it } from 'vitest'
import { padPrompts } from './prompts.ts'
import { repeatedNgrams } from './repeated-ngrams.ts'

describe('padPrompts', () => {
  it('pads on the left', () => {
    const { ids, mask, length } = padPrompts('op', [[5], [6, 7, 8], [9, 9]], 1)
    expect(length).toBe(3)
    expect([...ids]).toEqual([1, 1, 5, 6, 7, 8, 1, 9, 9])
    expect([...mask]).toEqual([0, 0, 1, 1, 1, 1, 0, 1, 1])
  })

  it('refuses what is no token', () => {
    expect(() => padPrompts('op', [[0, 1.5]], 0)).toThrow('op: prompt 0 must hold token ids, got 1.5')
  })
})

describe('repeatedNgrams', () => {
  it('gives what would repeat a pair, a triple, a single token', () => {
    const text = [1, 2, 3, 1, 2, 4, 1, 2]
    expect(repeatedNgrams(text, 2)).toEqual([3, 4])
    expect(repeatedNgrams(text, 3)).toEqual([3, 4])
    expect(repeatedNgrams(text, 1)).toEqual([1, 2, 3, 4])
    expect(repeatedNgrams([2, 2], 2)).toEqual([2])
  })

  it('gives nothing for texts too short and for size 0', () => {
    expect(repeatedNgrams([1, 2], 3)).toEqual([])
    expect(repeatedNgrams([1, 1, 1], 0)).toEqual([])
  })
})
