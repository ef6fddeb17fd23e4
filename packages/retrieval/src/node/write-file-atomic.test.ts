import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FlatIndex } from '../dense/flat-index.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-retrieval-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('writeFileAtomic', () => {
  it('writes a new file and replaces an old one, leaving nothing else', async () => {
    const path = join(folder, 'index.srpx')
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3))
    await writeFileAtomic(path, Uint8Array.of(4))
    expect([...(await readFile(path))]).toEqual([4])
    expect(await readdir(folder)).toEqual(['index.srpx'])
  })

  it('writes only the part that a view shows, and empty files', async () => {
    const path = join(folder, 'part')
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3).subarray(1))
    expect([...(await readFile(path))]).toEqual([2, 3])
    await writeFileAtomic(path, new Uint8Array(0))
    expect((await readFile(path)).length).toBe(0)
  })

  it('reports a missing folder with path and cause', async () => {
    const path = join(folder, 'nowhere', 'index')
    await expect(writeFileAtomic(path, Uint8Array.of(1))).rejects.toMatchObject({
      name: 'SurprisalError',
      code: 'io',
      message: expect.stringContaining(`writeFileAtomic: cannot write ${path}: ENOENT`),
      cause: { code: 'ENOENT' },
    })
  })

  it('removes its temporary file when the target cannot be replaced', async () => {
    const path = join(folder, 'taken')
    await mkdir(path)
    await writeFile(join(path, 'inside'), 'kept')
    await expect(writeFileAtomic(path, Uint8Array.of(1))).rejects.toMatchObject({ code: 'io' })
    expect(await readdir(folder)).toEqual(['taken'])
    expect(await readFile(join(path, 'inside'), 'utf8')).toBe('kept')
  })

  it('lets several writers finish, one of them last', async () => {
    const path = join(folder, 'shared')
    const contents = [1, 2, 3, 4].map(value => new Uint8Array(1000).fill(value))
    await Promise.all(contents.map(bytes => writeFileAtomic(path, bytes)))
    const bytes = await readFile(path)
    expect(contents).toContainEqual(new Uint8Array(bytes))
    expect(await readdir(folder)).toEqual(['shared'])
  })

  it('leaves an old or a new index when its process is killed', async () => {
    const path = join(folder, 'index.srpx')
    const index = new FlatIndex({ dim: 1 })
    index.add([0], Float32Array.of(1))
    await writeFileAtomic(path, index.save())
    for (const [attempt, wait] of [5, 20, 50].entries()) {
      await killedWriter(path, wait)
      const found = FlatIndex.load(await readFile(path))
      expect(found.size, `attempt ${attempt}`).toBeGreaterThanOrEqual(1)
    }
  })
})

/** Starts a process that keeps saving ever larger indexes, and kills it that many milliseconds after its first save. */
async function killedWriter(path: string, wait: number): Promise<void> {
  const url = (name: string) => JSON.stringify(new URL(name, import.meta.url).href)
  const program = `
    import { FlatIndex } from ${url('../dense/flat-index.ts')}
    import { writeFileAtomic } from ${url('./write-file-atomic.ts')}
    const index = new FlatIndex({ dim: 1 })
    for (let i = 0; ; i++) {
      index.add([i], Float32Array.of(i))
      await writeFileAtomic(${JSON.stringify(path)}, index.save())
      if (i === 0) console.log('started')
    }`
  const node = spawn(process.execPath, ['--conditions=@surprisal/source', '--input-type=module', '-e', program])
  await new Promise(resolve => node.stdout.once('data', resolve))
  await new Promise(resolve => setTimeout(resolve, wait))
  const ended = new Promise(resolve => node.once('exit', resolve))
  node.kill('SIGKILL')
  await ended
}
