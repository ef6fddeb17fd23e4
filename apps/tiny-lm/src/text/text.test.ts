import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { byteLevelTokenizer, trainBpe } from '@surprisal/tokenization'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cutText, readDocuments } from './documents.ts'
import { shuffled } from './shuffle.ts'
import { endOfText, splitTexts, toStream } from './token-stream.ts'

describe('cutText', () => {
  it('loses nothing, and cuts where lines end', () => {
    const lines = fc.array(fc.string({ maxLength: 300 }), { maxLength: 60 }).map(all => all.join('\n'))
    fc.assert(
      fc.property(lines, text => {
        const pieces = cutText(text)
        expect(pieces.join('')).toBe(text)
        for (const piece of pieces.slice(0, -1)) expect(piece.endsWith('\n')).toBe(true)
      }),
      { seed: 1, numRuns: 50 },
    )
  })

  it('prefers the end of a paragraph', () => {
    const paragraph = `${'word '.repeat(450)}\n\n`
    expect(cutText(paragraph.repeat(3))).toEqual([paragraph, paragraph, paragraph])
  })
})

describe('shuffled', () => {
  it('keeps all, in an order that follows from the seed', () => {
    const list = Array.from({ length: 50 }, (_, i) => i)
    expect(shuffled(list, 1)).toEqual(shuffled(list, 1))
    expect(shuffled(list, 1)).not.toEqual(shuffled(list, 2))
    expect([...shuffled(list, 1)].sort((a, b) => a - b)).toEqual(list)
  })
})

describe('splitTexts', () => {
  it('keeps every fiftieth text', () => {
    const { train, validation } = splitTexts(Array.from({ length: 120 }, (_, i) => String(i)))
    expect(validation).toEqual(['49', '99'])
    expect(train).toHaveLength(118)
  })

  it('keeps the end of the last of few texts', () => {
    expect(splitTexts(['abc', '0123456789'])).toEqual({ train: ['abc', '012345678'], validation: ['9'] })
  })
})

describe('toStream', () => {
  it('ends each text, and counts characters and bytes', () => {
    const tokenizer = byteLevelTokenizer(trainBpe(['ab'], { vocabSize: 258, specialTokens: [endOfText] }))
    const { ids, characters, bytes } = toStream(['a😀', 'b'], tokenizer)
    const end = tokenizer.tokenToId(endOfText)
    expect([...ids].filter(id => id === end)).toHaveLength(2)
    expect(ids[ids.length - 1]).toBe(end)
    expect({ characters, bytes }).toEqual({ characters: 5, bytes: 8 })
    expect(tokenizer.decode([...ids].filter(id => id !== end))).toBe('a😀b')
  })
})

describe('readDocuments', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'surprisal-texts-'))
    mkdirSync(join(folder, 'below'))
    mkdirSync(join(folder, 'node_modules'))
    mkdirSync(join(folder, 'empty'))
    writeFileSync(join(folder, 'a.md'), '# A\n')
    writeFileSync(join(folder, 'below', 'b.txt'), 'B')
    writeFileSync(join(folder, 'node_modules', 'c.md'), 'C')
    writeFileSync(join(folder, '.hidden.md'), 'D')
    writeFileSync(join(folder, 'image.png'), Uint8Array.of(137, 80))
    writeFileSync(join(folder, 'blank.rst'), ' \n')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('reads files, and text files below folders', async () => {
    expect(await readDocuments([folder])).toEqual(['# A\n', 'B'])
    expect(await readDocuments([join(folder, 'a.md'), join(folder, 'below')])).toEqual(['# A\n', 'B'])
  })

  it('reads the dictionary where nothing is named', async () => {
    const texts = await readDocuments([])
    expect(texts.length).toBeGreaterThan(110_000)
    expect(texts.find(text => text.startsWith('cat, true cat: '))).toMatch(/^cat, true cat: feline mammal/)
  })

  it('names what cannot be read', async () => {
    await expect(readDocuments([join(folder, 'none')])).rejects.toThrow(/none cannot be read \(ENOENT/)
    await expect(readDocuments([join(folder, 'empty')])).rejects.toThrow('empty must hold text')
    await expect(readDocuments([join(folder, 'image.png')])).rejects.toThrow('image.png is not valid UTF-8')
    writeFileSync(join(folder, 'zero.bin'), Uint8Array.of(65, 0))
    await expect(readDocuments([join(folder, 'zero.bin')])).rejects.toThrow('zero.bin is binary and not text')
  })
})
