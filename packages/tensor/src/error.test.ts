import { describe, expect, it } from 'vitest'
import { SurprisalError } from './error.ts'

describe('SurprisalError', () => {
  it('is an Error with a code, a name and a cause', () => {
    const cause = new Error('disk')
    const error = new SurprisalError('io', 'save: disk must have room, got none', { cause })
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe('SurprisalError')
    expect(error.code).toBe('io')
    expect(error.message).toBe('save: disk must have room, got none')
    expect(error.cause).toBe(cause)
  })
})
