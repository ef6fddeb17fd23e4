import { describe, expect, it } from 'vitest'
import { requireDimension, requireK, requireList, requireNumber, requireOneOf, requireRecord } from './check.ts'

describe('requireK', () => {
  it.each([1, 2, 1e6])('accepts %s', k => {
    expect(() => requireK('search', k)).not.toThrow()
  })

  it.each([0, -1, 1.5, Number.NaN, Infinity])('refuses %s', k => {
    expect(() => requireK('search', k)).toThrow(`search: k must be an integer >= 1, got ${k}`)
  })

  it('reports code argument', () => {
    expect(() => requireK('search', 0)).toThrow(expect.objectContaining({ name: 'SurprisalError', code: 'argument' }))
  })

  it('refuses what is not a number', () => {
    expect(() => requireK('search', '3' as unknown as number)).toThrow('search: k must be an integer >= 1, got 3')
    expect(() => requireK('search', null as unknown as number)).toThrow('search: k must be an integer >= 1, got null')
  })
})

describe('requireOneOf', () => {
  it('lists the known names', () => {
    expect(() => requireOneOf('f', 'metric', 'l1' as 'l2', ['dot', 'l2'])).toThrow(
      'f: metric must be one of dot, l2, got l1',
    )
  })

  it('accepts each of them', () => {
    for (const name of ['dot', 'l2'] as const) {
      expect(() => requireOneOf('f', 'metric', name, ['dot', 'l2'])).not.toThrow()
    }
  })
})

describe('requireNumber', () => {
  it('says the range in words that fit it', () => {
    expect(() => requireNumber('f', 'x', Number.NaN)).toThrow('f: x must be a finite number, got NaN')
    expect(() => requireNumber('f', 'x', -1, 0)).toThrow('f: x must be a finite number >= 0, got -1')
    expect(() => requireNumber('f', 'x', 2, 0, 1)).toThrow('f: x must be in [0, 1], got 2')
    expect(() => requireNumber('f', 'x', '1' as unknown as number)).toThrow('f: x must be a finite number, got 1')
  })

  it('accepts the ends of the range', () => {
    expect(() => requireNumber('f', 'x', 0, 0, 1)).not.toThrow()
    expect(() => requireNumber('f', 'x', 1, 0, 1)).not.toThrow()
  })
})

describe('requireRecord and requireList', () => {
  it('tell objects, lists and the rest apart', () => {
    expect(() => requireRecord('f', 'run', {})).not.toThrow()
    expect(() => requireList('f', 'ids', [])).not.toThrow()
    expect(() => requireRecord('f', 'run', [])).toThrow('f: run must be an object, got a list')
    expect(() => requireRecord('f', 'run', null)).toThrow('f: run must be an object, got null')
    expect(() => requireList('f', 'ids', {})).toThrow('f: ids must be a list, got an object')
    expect(() => requireList('f', 'ids', 'abc')).toThrow('f: ids must be a list, got abc')
  })
})

describe('requireDimension', () => {
  it('refuses what is no dimension', () => {
    expect(() => requireDimension('FlatIndex', 0)).toThrow('FlatIndex: dim must be an integer >= 1, got 0')
    expect(() => requireDimension('FlatIndex', 2.5)).toThrow('FlatIndex: dim must be an integer >= 1, got 2.5')
    expect(() => requireDimension('FlatIndex', 1)).not.toThrow()
  })
})
