import { describe, expect, it } from 'vitest'
import { inverseNorms, requireFiniteRows, requireRows, singleQuery, splitQueries } from './vectors.ts'

describe('requireFiniteRows', () => {
  it.each([Number.NaN, Infinity, -Infinity])('names the row of %s', bad => {
    expect(() => requireFiniteRows('add', 'vectors', [1, 2, 3, 4, bad, 6], 2)).toThrow(
      `add: vectors row 2 must be finite, got ${bad}`,
    )
  })

  it('accepts the largest and the smallest numbers', () => {
    expect(() => requireFiniteRows('add', 'vectors', [3.4e38, -3.4e38, 1e-45, -0], 2)).not.toThrow()
  })
})

describe('inverseNorms', () => {
  it('is one over the length of each row', () => {
    expect([...inverseNorms('add', 'vectors', [3, 4, 0, 0.5], 2)]).toEqual([0.2, 2])
  })

  it('names a zero row', () => {
    expect(() => inverseNorms('add', 'vectors', [1, 0, 0, -0], 2)).toThrow(
      'add: vectors row 1 is a zero vector, which has no cosine',
    )
  })
})

describe('splitQueries', () => {
  it('makes one float64 array of each row', () => {
    expect(splitQueries('search', Float32Array.of(1, 2, 3, 4), 2)).toEqual([
      Float64Array.of(1, 2),
      Float64Array.of(3, 4),
    ])
    expect(splitQueries('search', [], 3)).toEqual([])
  })

  it('refuses a part of a row', () => {
    expect(() => splitQueries('search', [1, 2, 3], 2)).toThrow(
      'search: dimension 2 of the index does not divide 3 values',
    )
  })
})

describe('singleQuery', () => {
  it('refuses another dimension, a multiple too', () => {
    expect(() => singleQuery('search', [1, 2, 3, 4, 5], 4)).toThrow('search: dimension 5 of queries != 4 of the index')
    expect(() => singleQuery('search', [1, 2, 3, 4], 2)).toThrow('search: dimension 4 of queries != 2 of the index')
    expect(() => singleQuery('search', [], 2)).toThrow('search: dimension 0 of queries != 2 of the index')
  })
})

describe('queries that are none', () => {
  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    ['123', 'String'],
    [{ length: 3 }, 'Object'],
  ])('%j', (value, name) => {
    for (const read of [singleQuery, splitQueries]) {
      expect(() => read('search', value as unknown as number[], 3)).toThrow(
        `search: queries must be an array of numbers, got ${name}`,
      )
    }
  })
})

describe('requireRows', () => {
  it('wants a list of ids', () => {
    expect(() => requireRows('add', 'ab' as unknown as string[], new Float32Array(2), 1)).toThrow(
      'add: ids must be a list, got ab',
    )
  })

  it('wants a Float32Array of whole rows', () => {
    expect(() => requireRows('add', ['a', 'b'], Float32Array.of(1, 2, 3), 2)).toThrow(
      'add: vectors must hold 2 rows of dimension 2, got 3 values',
    )
    expect(() => requireRows('add', ['a'], [1, 2] as unknown as Float32Array, 2)).toThrow(
      'add: vectors must be a Float32Array, got Array',
    )
    expect(() => requireRows('add', ['a'], null as unknown as Float32Array, 2)).toThrow(
      'add: vectors must be a Float32Array, got null',
    )
  })
})
