import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findTextFiles, loadFolder, readTextFile } from './folder.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-folder-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function put(name: string, contents: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, contents)
  return path
}

describe('findTextFiles', () => {
  it('finds text and Markdown in a fixed order, without hidden, linked and foreign files', async () => {
    const names = ['b.md', 'a.TXT', 'deep/c.markdown', 'deep/d.rst', 'deep/e.text']
    for (const name of [...names, '.hidden.md', '.git/x.md', 'node_modules/p/readme.md', 'image.png', 'md'])
      await put(name, 'text')
    await symlink(folder, join(folder, 'loop'))
    const found = await findTextFiles(folder)
    expect(found).toEqual(
      ['a.TXT', 'b.md', 'deep/c.markdown', 'deep/d.rst', 'deep/e.text'].map(name => join(folder, name)),
    )
  })

  it('leaves out what a glob names, files and whole folders', async () => {
    for (const name of ['a.md', 'drafts/b.md', 'deep/drafts/c.md', 'deep/d.md']) await put(name, 'text')
    const found = await findTextFiles(folder, ['drafts', '**/d.md'])
    expect(found).toEqual([join(folder, 'a.md'), join(folder, 'deep/drafts/c.md')])
  })
})

describe('readTextFile', () => {
  it('reads UTF-8, with a byte order mark or without', async () => {
    expect(await readTextFile(await put('a.md', 'naïve 猫'))).toBe('naïve 猫')
    expect(await readTextFile(await put('a.md', '\ufeffnaïve'))).toBe('naïve')
  })

  it.each([
    ['is empty; write something into it', ''],
    ['is empty; write something into it', ' \n\t\n'],
    ['is binary and not text; rename it', Uint8Array.of(0x89, 0x50, 0, 1)],
    ['is binary and not text; rename it', Buffer.from('text', 'utf16le')],
    ['is not valid UTF-8; save it as UTF-8', Uint8Array.of(0x63, 0x61, 0x66, 0xe9)],
    ['is not valid UTF-8; save it as UTF-8', Uint8Array.of(0x61, 0xf0, 0x9f, 0x90)],
  ])('says that a file %s', async (problem, contents) => {
    const path = await put('bad.md', contents)
    await expect(readTextFile(path)).rejects.toThrow(`search: ${path} ${problem}, or leave it out with --exclude`)
  })

  it('says that a file is too large, without reading it', async () => {
    const path = await put('big.txt', 'x')
    await truncate(path, 100 * 2 ** 20)
    const started = performance.now()
    await expect(readTextFile(path)).rejects.toThrow(
      `search: ${path} has 100 MB, more than the 32 MB of a text; split it, or leave it out with --exclude`,
    )
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('says that a file cannot be read', async () => {
    const path = join(folder, 'gone.md')
    await expect(readTextFile(path)).rejects.toThrow(`search: ${path} cannot be read (ENOENT`)
  })
})

describe('loadFolder', () => {
  it('makes passages with titles, places and neighbours', async () => {
    await put('notes/a.md', '# Cats\n\nThey purr.\n\n# Dogs\n\nThey bark.')
    await put('b.txt', 'plain')
    const corpus = await loadFolder(folder)
    expect(corpus).toMatchObject({ kind: 'folder', name: folder.split('/').at(-1), sampleQueries: [] })
    expect(corpus.documents).toEqual([
      { id: 'b.txt#1', title: 'b.txt', text: 'plain', examples: [], related: [], location: 'b.txt:1' },
      {
        id: 'notes/a.md#1',
        title: 'notes/a.md › Cats',
        text: 'They purr.',
        examples: [],
        related: [2],
        location: 'notes/a.md:3',
      },
      {
        id: 'notes/a.md#2',
        title: 'notes/a.md › Dogs',
        text: 'They bark.',
        examples: [],
        related: [1],
        location: 'notes/a.md:7',
      },
    ])
  })

  it('passes over a file of headings only', async () => {
    await put('a.md', '# Nothing yet')
    await put('b.md', 'text')
    expect((await loadFolder(folder)).documents.map(({ id }) => id)).toEqual(['b.md#1'])
  })

  it('names the file that is wrong', async () => {
    await put('a.md', 'text')
    await put('b.md', '')
    await expect(loadFolder(folder)).rejects.toThrow(`${join(folder, 'b.md')} is empty`)
    expect((await loadFolder(folder, ['b.md'])).documents).toHaveLength(1)
  })

  it('says what is wrong with the folder', async () => {
    const gone = join(folder, 'gone')
    await expect(loadFolder(gone)).rejects.toThrow(`search: folder ${gone} does not exist; check --dir`)
    await symlink(join(folder, 'nowhere'), join(folder, 'dangling'))
    await expect(loadFolder(join(folder, 'dangling'))).rejects.toThrow('does not exist; check --dir')
    const file = await put('x.bin', 'x')
    await expect(loadFolder(file)).rejects.toThrow(`search: ${file} is not a folder; check --dir`)
    await expect(loadFolder(folder)).rejects.toThrow(
      `search: ${folder} has no text; --dir must hold .txt, .md, .markdown, .text or .rst files`,
    )
  })

  it.skipIf(process.getuid?.() === 0)('names a folder that may not be read', async () => {
    await put('locked/a.md', 'text')
    await chmod(join(folder, 'locked'), 0)
    await expect(loadFolder(folder)).rejects.toThrow(`search: folder ${join(folder, 'locked')} cannot be read (EACCES`)
    await chmod(join(folder, 'locked'), 0o700)
  })
})
