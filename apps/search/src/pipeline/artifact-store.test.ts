import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFileAtomic } from '@surprisal/retrieval/node'
import { SurprisalError } from '@surprisal/tensor'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ArtifactStore } from './artifact-store.ts'
import { formatVersion } from './manifest.ts'

vi.mock('@surprisal/retrieval/node', { spy: true })
const real = (await vi.importActual<typeof import('@surprisal/retrieval/node')>('@surprisal/retrieval/node'))
  .writeFileAtomic

let folder: string
let home: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-store-'))
  home = join(folder, 'build')
})
afterEach(async () => {
  vi.mocked(writeFileAtomic).mockReset()
  await rm(folder, { recursive: true, force: true })
})

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

/** The disk is full for every file whose name matches. */
function fillDisk(matching: RegExp): void {
  vi.mocked(writeFileAtomic).mockImplementation(async (path, data) => {
    if (!matching.test(path)) return real(path, data)
    const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    throw new SurprisalError('io', `writeFileAtomic: cannot write ${path}: ${cause.message}`, { cause })
  })
}

async function storeWith(files: Record<string, Uint8Array>, options?: { rebuild: boolean }): Promise<ArtifactStore> {
  const store = await ArtifactStore.open(home, options)
  for (const [name, data] of Object.entries(files)) await store.write(name, data)
  return store
}

describe('ArtifactStore', () => {
  it('gives back what was written, in this run and the next', async () => {
    const store = await storeWith({ 'a.bin': bytes(1, 2, 3), 'empty.bin': bytes() })
    await store.writeJson('c.json', { loss: [1, 2] })
    for (const opened of [store, await ArtifactStore.open(home)]) {
      expect(opened.has('a.bin')).toBe(true)
      expect([...(await opened.read('a.bin'))!]).toEqual([1, 2, 3])
      expect((await opened.read('empty.bin'))!.length).toBe(0)
      expect(await opened.readJson('c.json')).toEqual({ loss: [1, 2] })
    }
    expect((await readdir(home)).sort()).toEqual(['a.bin', 'c.json', 'empty.bin', 'manifest.json'])
  })

  it('knows nothing of files that it has not written', async () => {
    const store = await storeWith({ 'a.bin': bytes(1) })
    await writeFile(join(home, 'b.bin'), 'x')
    expect(store.has('b.bin')).toBe(false)
    expect(await store.read('b.bin')).toBeNull()
    expect(await store.readJson('toString')).toBeNull()
  })

  it('notices every flipped bit and every cut of a file, and names it', async () => {
    const path = join(home, 'a.bin')
    const data = Uint8Array.from({ length: 40 }, (_, i) => i)
    const store = await storeWith({ 'a.bin': data, 'b.bin': data })
    for (let bit = 0; bit < 8 * data.length; bit += 7) {
      const changed = Uint8Array.from(data)
      changed[bit >> 3] ^= 1 << (bit & 7)
      await writeFile(path, changed)
      await expect(store.read('a.bin')).rejects.toThrow(
        `search: ${path} is damaged (its checksum is wrong); start again with --rebuild`,
      )
    }
    for (const length of [0, 1, 39, 41]) {
      await writeFile(path, new Uint8Array(length))
      await expect(store.read('a.bin')).rejects.toThrow(
        `search: ${path} must have 40 bytes, got ${length}; start again with --rebuild`,
      )
    }
    await rm(path)
    await expect(store.read('a.bin')).rejects.toThrow(`search: ${path} cannot be read (ENOENT`)
    expect(await store.read('b.bin')).toHaveLength(40)
  })

  it('notices a damaged manifest and one of another version, and leaves all as it is', async () => {
    await storeWith({ 'a.bin': bytes(1) })
    const path = join(home, 'manifest.json')
    const text = await readFile(path, 'utf8')
    for (const [changed, problem] of [
      [text.slice(0, -9), 'is damaged'],
      [text.replace('a.bin', 'b.bin'), 'is damaged (its checksum is wrong)'],
      [text.replace(`"version": ${formatVersion}`, '"version": 99'), 'was written by format 99'],
    ]) {
      await writeFile(path, changed)
      await expect(ArtifactStore.open(home)).rejects.toThrow(`search: ${path} ${problem}`)
      expect(await readFile(path, 'utf8')).toBe(changed)
      expect((await readdir(home)).sort()).toEqual(['a.bin', 'manifest.json'])
    }
  })

  it('does not take a manifest that cannot be read for one that is not there', async () => {
    await mkdir(join(home, 'manifest.json'), { recursive: true })
    await expect(ArtifactStore.open(home)).rejects.toThrow(
      /manifest\.json cannot be read \(EISDIR.*choose another with --cache$/,
    )
  })

  it('says that the folder cannot be made', async () => {
    await writeFile(join(folder, 'taken'), 'a file')
    const inside = join(folder, 'taken', 'build')
    await expect(ArtifactStore.open(inside)).rejects.toThrow(`search: ${inside} cannot be written: `)
    expect(await readFile(join(folder, 'taken'), 'utf8')).toBe('a file')
  })

  it.each([/b\.bin$/, /manifest/])('keeps all that was there when the disk is full (%s)', async full => {
    const store = await storeWith({ 'a.bin': bytes(1), 'b.bin': bytes(2) })
    const before = await readFile(join(home, 'manifest.json'), 'utf8')
    fillDisk(full)
    const path = join(home, full.test('b.bin') ? 'b.bin' : 'manifest.json')
    await expect(store.write('b.bin', bytes(2))).rejects.toThrow(
      `search: ${path} cannot be written: the disk is full; free some space, or choose another folder with --cache`,
    )
    expect(await readFile(join(home, 'manifest.json'), 'utf8')).toBe(before)
    const reopened = await ArtifactStore.open(home)
    expect([...(await reopened.read('a.bin'))!, ...(await reopened.read('b.bin'))!]).toEqual([1, 2])
  })

  it('does not count a file whose manifest could not be written', async () => {
    const store = await storeWith({ 'a.bin': bytes(1) })
    fillDisk(/manifest/)
    await expect(store.write('b.bin', bytes(2))).rejects.toThrow('the disk is full')
    expect(store.has('b.bin')).toBe(false)
    expect((await ArtifactStore.open(home)).has('b.bin')).toBe(false)
  })
})

describe('a rebuild', () => {
  it('leaves the earlier build in use until it is whole', async () => {
    await storeWith({ 'a.bin': bytes(1), 'b.bin': bytes(1) })
    const store = await storeWith({ 'a.bin': bytes(2) }, { rebuild: true })
    expect(store.isRebuild).toBe(true)
    expect(store.has('b.bin')).toBe(false)
    expect([...(await (await ArtifactStore.open(home)).read('a.bin'))!]).toEqual([1])
    await store.commit()
    const after = await ArtifactStore.open(home)
    expect([...(await after.read('a.bin'))!]).toEqual([2])
    expect(after.has('b.bin')).toBe(false)
    expect(await readdir(folder)).toEqual(['build'])
  })

  it('goes on where it was stopped', async () => {
    await storeWith({ 'a.bin': bytes(1) })
    await storeWith({ 'a.bin': bytes(2) }, { rebuild: true })
    const store = await ArtifactStore.open(home, { rebuild: true })
    expect([...(await store.read('a.bin'))!]).toEqual([2])
  })

  it('begins anew when what was stopped is damaged', async () => {
    await storeWith({ 'a.bin': bytes(1) })
    const stopped = await storeWith({ 'a.bin': bytes(2), 'b.bin': bytes(2) }, { rebuild: true })
    await writeFile(join(stopped.folder, 'b.bin'), bytes(3))
    const store = await ArtifactStore.open(home, { rebuild: true })
    expect(store.has('a.bin')).toBe(false)
    expect(await readdir(store.folder)).toEqual([])
  })

  it('begins in the folder itself where nothing was built before', async () => {
    const store = await storeWith({ 'a.bin': bytes(1) }, { rebuild: true })
    expect(store.isRebuild).toBe(false)
    await store.commit()
    await store.discard()
    expect([...(await (await ArtifactStore.open(home)).read('a.bin'))!]).toEqual([1])
  })

  it('replaces a build that is damaged or of another version', async () => {
    await storeWith({ 'a.bin': bytes(1) })
    await writeFile(join(home, 'manifest.json'), '{"version": 7}')
    const store = await storeWith({ 'a.bin': bytes(2) }, { rebuild: true })
    await store.commit()
    expect([...(await (await ArtifactStore.open(home)).read('a.bin'))!]).toEqual([2])
  })

  it('is taken away when it failed', async () => {
    await storeWith({ 'a.bin': bytes(1) })
    const store = await storeWith({ 'a.bin': bytes(2) }, { rebuild: true })
    await store.discard()
    expect(await readdir(folder)).toEqual(['build'])
    expect([...(await (await ArtifactStore.open(home)).read('a.bin'))!]).toEqual([1])
  })

  it('does not lose the earlier build when its process ends between the two renames', async () => {
    await storeWith({ 'a.bin': bytes(1) })
    await cp(home, `${home}.rebuild`, { recursive: true })
    await rename(home, `${home}.old`)
    expect([...(await (await ArtifactStore.open(home)).read('a.bin'))!]).toEqual([1])
    expect((await readdir(folder)).sort()).toEqual(['build', 'build.rebuild'])
  })
})
