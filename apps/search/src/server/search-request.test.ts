import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxQueryLength, parseSearchRequest } from './search-request.ts'
import type { SystemName } from './types.ts'

const available: SystemName[] = ['bm25', 'dense', 'hybrid']

describe('parseSearchRequest', () => {
  it('fills what is left out', () => {
    expect(parseSearchRequest({}, available)).toEqual({ request: { q: '', k: 10, systems: ['bm25'] } })
  })

  it('reads all parameters, trims the query and asks a repeated system once', () => {
    const parameters = { q: '  a cat ', k: '100', systems: 'hybrid,bm25,hybrid' }
    expect(parseSearchRequest(parameters, available)).toEqual({
      request: { q: 'a cat', k: 100, systems: ['hybrid', 'bm25'] },
    })
  })

  it.each(['0', '101', '-1', '1.5', '1e1', '', ' 5', 'ten', '99999999999'])('refuses k=%j', k => {
    expect(parseSearchRequest({ k }, available)).toEqual({ error: 'k: must be a whole number from 1 to 100' })
  })

  it.each(['', 'bm25,', 'student', 'BM25', 'constructor'])('refuses systems=%j', systems => {
    expect(parseSearchRequest({ systems }, available)).toEqual({
      error: 'systems: must be some of bm25, dense, hybrid',
    })
  })

  it('takes the longest query and refuses a longer one', () => {
    expect(parseSearchRequest({ q: 'x'.repeat(maxQueryLength) }, available)).toHaveProperty('request')
    expect(parseSearchRequest({ q: 'x'.repeat(maxQueryLength + 1) }, available)).toEqual({
      error: 'q: must be at most 500 characters',
    })
  })

  it('passes any short query on, trimmed only', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100, unit: 'binary' }), q => {
        expect(parseSearchRequest({ q }, available)).toEqual({ request: { q: q.trim(), k: 10, systems: ['bm25'] } })
      }),
    )
  })
})
