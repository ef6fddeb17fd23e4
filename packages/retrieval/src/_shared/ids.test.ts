import { describe, expect, it } from 'vitest'
import { IdTable, requireId } from './ids.ts'

function table(...ids: (string | number)[]): IdTable {
  const result = new IdTable()
  result.append(ids)
  return result
}

describe('IdTable', () => {
  it('gives rows in the order of insertion', () => {
    const ids = table('a', 7, 'b')
    expect(ids.ids).toEqual(['a', 7, 'b'])
    expect([ids.row('a'), ids.row(7), ids.row('b'), ids.row('7')]).toEqual([0, 1, 2, undefined])
  })

  it('moves later rows up when some are removed', () => {
    const ids = table('a', 'b', 'c', 'd')
    expect(ids.remove(['c', 'a', 'unknown', 'c'])).toEqual(Int32Array.of(1, 3))
    expect(ids.ids).toEqual(['b', 'd'])
    expect([ids.row('a'), ids.row('b'), ids.row('d')]).toEqual([undefined, 0, 1])
  })

  it('says when there is nothing to remove', () => {
    expect(table('a').remove(['b'])).toBeUndefined()
    expect(table().remove([])).toBeUndefined()
  })

  it('refuses an id that is there', () => {
    expect(() => table('a').conflicts('add', ['b', 'a'], {})).toThrow(
      `add: id "a" is in the index already; onConflict: 'replace' replaces it`,
    )
  })

  it('names the ids to replace when asked to', () => {
    expect(table('a', 'b').conflicts('add', ['c', 'a'], { onConflict: 'replace' })).toEqual(['a'])
  })

  it('refuses an id twice in one batch, whatever onConflict says', () => {
    expect(() => table().conflicts('add', [1, 1], { onConflict: 'replace' })).toThrow(
      'add: id 1 occurs twice in one call',
    )
  })

  it('tells 1 from "1"', () => {
    expect(table(1).conflicts('add', ['1'], {})).toEqual([])
  })

  it('refuses an unknown onConflict', () => {
    expect(() => table().conflicts('add', [], { onConflict: 'skip' as 'error' })).toThrow(
      'add: onConflict must be one of error, replace, got skip',
    )
  })
})

describe('requireId', () => {
  it.each([0.5, Number.NaN, Infinity, 2 ** 53, null, undefined, true, {}])('refuses %s', id => {
    expect(() => requireId('add', id as unknown as string)).toThrow(
      `add: an id must be a string or an integer, got ${String(id)}`,
    )
  })

  it.each(['', 'x', 0, -5, 2 ** 53 - 1])('accepts %j', id => {
    expect(() => requireId('add', id)).not.toThrow()
  })
})
