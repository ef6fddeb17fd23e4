import { SurprisalError } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { systemCode, writeError } from './io-errors.ts'

const systemError = (code: string): Error => Object.assign(new Error(`${code}: it failed`), { code })

describe('writeError', () => {
  it.each([
    ['ENOSPC', 'the disk is full; free some space'],
    ['EDQUOT', 'the disk quota is used up; free some space'],
    ['EACCES', 'this user may not write there'],
    ['EPERM', 'this user may not write there'],
    ['EROFS', 'the disk is read-only'],
    ['EIO', 'EIO: it failed'],
  ])('explains %s, also where a library has wrapped it', (code, reason) => {
    const message = `search: /cache/x cannot be written: ${reason}, or choose another folder with --cache`
    const cause = systemError(code)
    expect(writeError('/cache/x', cause)).toMatchObject({ code: 'io', message, cause })
    const wrapped = new SurprisalError('io', 'writeFileAtomic: cannot write', { cause })
    const expected = code === 'EIO' ? message.replace(reason, wrapped.message) : message
    expect(writeError('/cache/x', wrapped).message).toBe(expected)
  })
})

describe('systemCode', () => {
  it('is that of the system and of nobody else', () => {
    expect(systemCode(systemError('EPIPE'))).toBe('EPIPE')
    expect(systemCode(new SurprisalError('io', 'x'))).toBeUndefined()
    expect(systemCode(systemError('ERR_INVALID_ARG'))).toBeUndefined()
    expect(systemCode('ENOSPC')).toBeUndefined()
  })
})
