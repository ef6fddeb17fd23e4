import { describe, expect, it } from 'vitest'
import type { Check } from './check.ts'
import { selectChecks } from './selection.ts'

const check = (name: string, needs?: string[]): Check => ({
  name,
  needs,
  what: '',
  run: async () => ({ ok: true, output: '' }),
})
const checks = [check('types'), check('unit:nn'), check('unit:losses'), check('build'), check('size', ['build'])]
const selected = (...names: string[]) => selectChecks(checks, names).map(({ name }) => name)

describe('selectChecks', () => {
  it('takes all when none is named', () => expect(selected()).toHaveLength(checks.length))

  it('takes a family by its first word, and one member by its whole name', () => {
    expect(selected('unit')).toEqual(['unit:nn', 'unit:losses'])
    expect(selected('unit:losses')).toEqual(['unit:losses'])
  })

  it('adds what a check needs and keeps the order', () => {
    expect(selected('size', 'types')).toEqual(['types', 'build', 'size'])
  })

  it('names what it does not know, and what there is', () => {
    expect(() => selected('uni', 'types')).toThrow(
      'no check is named uni; there are: types unit:nn unit:losses build size',
    )
  })
})
