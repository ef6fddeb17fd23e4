import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareIds, compareStrings } from './compare.ts'

fc.configureGlobal({ seed: 1 })

describe('compareStrings', () => {
  it('puts shorter before longer and digits in string order', () => {
    expect(['d9', 'd10', 'd1', 'd'].sort(compareStrings)).toEqual(['d', 'd1', 'd10', 'd9'])
  })

  it('orders by code point where UTF-16 units would not', () => {
    const privateUse = '\ue000'
    const emoji = '\u{1f600}'
    expect(emoji < privateUse).toBe(true)
    expect(compareStrings(emoji, privateUse)).toBeGreaterThan(0)
    expect(compareStrings(privateUse, emoji)).toBeLessThan(0)
  })

  it('agrees with the order of UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b))
        expect(Math.sign(compareStrings(a, b))).toBe(bytes)
      }),
    )
  })
})

describe('compareIds', () => {
  it('orders numbers by value, before strings', () => {
    expect(['b', 10, 'a', 9, -1].sort(compareIds)).toEqual([-1, 9, 10, 'a', 'b'])
  })

  it('finds equal ids equal', () => {
    expect(compareIds(3, 3)).toBe(0)
    expect(compareIds('x', 'x')).toBe(0)
  })
})
