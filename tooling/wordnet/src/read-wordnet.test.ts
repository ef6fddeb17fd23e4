import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readWordNet } from './read-wordnet.ts'

const cat = '02124272 05 n 02 cat 0 true_cat 0 000 | feline mammal; "the cat sat down"  '

describe('readWordNet', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'surprisal-wordnet-'))
    for (const file of ['data.noun', 'data.verb', 'data.adj', 'data.adv']) await writeFile(join(folder, file), '')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('reads the dictionary that is installed', async () => {
    const synsets = await readWordNet()
    expect(synsets.length).toBeGreaterThan(110_000)
    expect(new Set(synsets.map(({ id }) => id)).size).toBe(synsets.length)
    expect(synsets.every(({ id, definition }) => /^[nvar]\d{8}$/.test(id) && definition !== '')).toBe(true)
  })

  it('reads another folder', async () => {
    await writeFile(join(folder, 'data.noun'), `  1 licence\n${cat}\n`)
    expect((await readWordNet(folder)).map(({ id }) => id)).toEqual(['n02124272'])
  })

  it('names a file that is missing or damaged, and what to do', async () => {
    await writeFile(join(folder, 'data.verb'), '00000001 29 v 01 bre')
    await expect(readWordNet(folder)).rejects.toThrow(
      `wordnet: ${join(folder, 'data.verb')} is damaged (a line must hold a gloss after "|", got 00000001 29 v 01 bre); install the dependencies again`,
    )
    await rm(join(folder, 'data.noun'))
    await expect(readWordNet(folder)).rejects.toThrow(
      /data\.noun cannot be read \(ENOENT.*\); install the dependencies again/,
    )
  })
})
