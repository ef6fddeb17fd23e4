import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fingerprints, readSuccess, writeSuccess } from './cache.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'surprisal-cache-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const keyOf = (texts: Record<string, string>, name = 'types') => {
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(folder, path), text)
  const check = { name, inputs: (path: string) => path.endsWith('.ts') }
  return new Fingerprints(Object.keys(texts).sort(), folder).of(check)
}

describe('Fingerprints', () => {
  it('is the same for the same contents', () => {
    expect(keyOf({ 'a.ts': '1', 'b.md': 'x' })).toBe(keyOf({ 'a.ts': '1', 'b.md': 'x' }))
  })

  it('changes with the contents and names of the inputs, and with nothing else', () => {
    const before = keyOf({ 'a.ts': '1', 'b.md': 'x' })
    expect(keyOf({ 'a.ts': '1', 'b.md': 'y' })).toBe(before)
    expect(keyOf({ 'a.ts': '2', 'b.md': 'x' })).not.toBe(before)
    expect(keyOf({ 'c.ts': '1', 'b.md': 'x' })).not.toBe(before)
    expect(keyOf({ 'a.ts': '1', 'b.md': 'x', 'c.ts': '' })).not.toBe(before)
  })

  it('changes with the lockfile, whatever the inputs', () => {
    expect(keyOf({ 'pnpm-lock.yaml': '1' })).not.toBe(keyOf({ 'pnpm-lock.yaml': '2' }))
  })

  it('differs from check to check', () => {
    expect(keyOf({ 'a.ts': '1' }, 'types')).not.toBe(keyOf({ 'a.ts': '1' }, 'knip'))
  })
})

describe('readSuccess', () => {
  it('gives back what was written', () => {
    writeSuccess('unit:losses', { key: 'abc', passed: 7 }, folder)
    expect(readSuccess('unit:losses', folder)).toEqual({ key: 'abc', passed: 7 })
  })

  it('knows nothing of a check that never passed, or whose file is damaged', () => {
    expect(readSuccess('types', folder)).toBeUndefined()
    writeFileSync(join(folder, 'types.json'), '{"key": ')
    expect(readSuccess('types', folder)).toBeUndefined()
  })
})
