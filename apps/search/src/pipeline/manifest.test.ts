import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FileRecords, formatManifest, formatVersion, parseManifest } from './manifest.ts'

fc.configureGlobal({ seed: 1 })

const path = '/cache/build/manifest.json'
const files: FileRecords = {
  'tokenizer.json': { bytes: 12, crc32: 3735928559 },
  'dense.srpx': { bytes: 120_000_000, crc32: 0 },
}

describe('manifest', () => {
  it('reads what it has written', () => {
    expect(parseManifest(formatManifest(files), path)).toEqual(files)
    expect(parseManifest(formatManifest({}), path)).toEqual({})
  })

  it('notices every flipped bit that changes what it says', () => {
    const bytes = new TextEncoder().encode(formatManifest(files))
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const changed = Uint8Array.from(bytes)
      changed[bit >> 3] ^= 1 << (bit & 7)
      const text = new TextDecoder().decode(changed)
      let read: FileRecords | null = null
      try {
        read = parseManifest(text, path)
      } catch (error) {
        expect((error as Error).message).toMatch(
          /^search: \/cache\/build\/manifest\.json .*; start again with --rebuild$/,
        )
      }
      // White space, or a number written in another way.
      if (read !== null) expect(read, `bit ${bit}`).toEqual(files)
    }
  })

  it('notices wherever it was cut', () => {
    const text = formatManifest(files)
    fc.assert(
      fc.property(fc.nat(text.length - 1), length => {
        expect(() => parseManifest(text.slice(0, length), path)).toThrow(`search: ${path} is damaged`)
      }),
    )
  })

  it.each([
    ['', 'is damaged (no JSON)'],
    ['null', 'is damaged (it has no version)'],
    ['{"version": "1"}', 'is damaged (it has no version)'],
    [`{"version": ${formatVersion}}`, 'is damaged (fields are missing)'],
    [
      `{"version": ${formatVersion}, "files": {"a": {"bytes": -1, "crc32": 0}}, "crc32": 0}`,
      'is damaged (fields are missing)',
    ],
    ['{"version": 99, "whatever": true}', `was written by format 99 and this program reads ${formatVersion}`],
  ])('refuses %j', (text, problem) => {
    expect(() => parseManifest(text, path)).toThrow(`search: ${path} ${problem}; start again with --rebuild`)
  })
})
