import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPageState, type PageState, parsePageState } from './page-state.ts'

const blank: PageState = { view: 'search', query: '', system: null, compare: false }

describe('the address', () => {
  it('is bare for the blank page', () => {
    expect(formatPageState(blank)).toBe('/')
    expect(parsePageState('')).toEqual(blank)
  })

  it('holds the query as ?q=', () => {
    expect(formatPageState({ ...blank, query: 'a small cat & "dog"' })).toBe('/?q=a+small+cat+%26+%22dog%22')
    expect(parsePageState('?q=cat%20%26+dog')).toEqual({ ...blank, query: 'cat & dog' })
  })

  it('drops what it does not know and cuts what is too long', () => {
    expect(parsePageState('?system=constructor&view=secret&x=1')).toEqual(blank)
    expect(parsePageState(`?q=${'x'.repeat(600)}`).query).toHaveLength(500)
    expect(parsePageState('?q=%E0%A4%A').query).toBe('\ufffd%A')
  })

  it('comes back as it was written', () => {
    const state = fc.record({
      view: fc.constantFrom('search' as const, 'evaluation' as const),
      query: fc.string({ maxLength: 500, unit: 'grapheme-ascii' }).map(text => (text.trim() === '' ? '' : text)),
      system: fc.constantFrom(null, 'bm25' as const, 'binary' as const),
      compare: fc.boolean(),
    })
    fc.assert(
      fc.property(state, before => {
        expect(parsePageState(formatPageState(before).slice(1))).toEqual(before)
      }),
    )
  })
})
