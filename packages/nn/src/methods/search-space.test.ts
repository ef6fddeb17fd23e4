import { describe, expect, it } from 'vitest'
import { boundsOf, initialOf, isCategorical, requireSpace } from './search-space.ts'

describe('a search space', () => {
  it('begins with even probabilities, or mean and deviation, of logarithms where asked for', () => {
    expect(initialOf({ choices: ['a', 'b', 'c', 'd'] })).toEqual([0.25, 0.25, 0.25, 0.25])
    expect(initialOf({ mean: 3, std: 2 })).toEqual([3, 2])
    expect(initialOf({ mean: Math.E, std: 2, log: true })).toEqual([1, 2])
  })

  it('has bounds, none unless given', () => {
    const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    expect(boundsOf({ mean: 0, std: 1 })).toEqual([low, high])
    expect(boundsOf({ mean: 0, std: 1, min: -1, max: 2 })).toEqual([-1, 2])
    expect(boundsOf({ mean: 1, std: 1, min: 1, max: Math.E, log: true })).toEqual([0, 1])
    expect(boundsOf({ mean: 1, std: 1, min: 0, log: true })).toEqual([low, high])
  })

  it('tells its two kinds apart, and refuses others', () => {
    expect([isCategorical({ choices: [1] }), isCategorical({ mean: 1, std: 1 })]).toEqual([true, false])
    expect(() => requireSpace({ a: { choices: [1] }, b: { mean: 1, std: 1 } })).not.toThrow()
    expect(() => requireSpace({ a: {} as never })).toThrow(
      'CrossEntropyMethod: a must have choices or a mean, got undefined',
    )
  })
})
