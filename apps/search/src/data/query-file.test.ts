import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readQueryFile } from './query-file.ts'

let folder: string
let path: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-queries-'))
  path = join(folder, 'queries.json')
})
afterAll(() => rm(folder, { recursive: true }))

const read = async (text: string) => {
  await writeFile(path, text)
  return readQueryFile(path)
}

describe('readQueryFile', () => {
  it('reads queries and takes nothing else along', async () => {
    expect(await read('\ufeff[{"query": "a cat", "relevant": ["n1", "n2"], "source": "x"}]')).toEqual([
      { query: 'a cat', relevant: ['n1', 'n2'] },
    ])
  })

  it.each([
    ['[]', 'but the list: '],
    ['{"query": "a"}', 'but the list: '],
    [
      '[{"query": "a", "relevant": ["n1"]}, {"query": " ", "relevant": ["n1"]}]',
      'but entry 1.query: must not be empty',
    ],
    ['[{"query": "a", "relevant": []}]', 'but entry 0.relevant: must name a document'],
    ['[{"query": "a", "relevant": [7]}]', 'but entry 0.relevant.0: '],
    ['[{"relevant": ["n1"]}]', 'but entry 0.query: '],
  ])('refuses %s', async (text, problem) => {
    await expect(read(text)).rejects.toThrow(`search: ${path} must hold [{ "query", "relevant" }], ${problem}`)
  })

  it.each(['', '{', '[{"query": "a"}', 'n1\tcat', '\0\0'])('says that %j is no JSON', async text => {
    await expect(read(text)).rejects.toThrow(`search: ${path} must hold JSON (`)
  })

  it('says that a file cannot be read', async () => {
    const gone = join(folder, 'gone.json')
    await expect(readQueryFile(gone)).rejects.toThrow(`search: ${gone} cannot be read (ENOENT`)
  })
})
