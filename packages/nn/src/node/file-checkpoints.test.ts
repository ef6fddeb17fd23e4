import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fileCheckpoints } from './index.ts'

/** Bytes that fit on the disk. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY }))

vi.mock('node:fs/promises', async original => {
  const real = await original<typeof import('node:fs/promises')>()
  const open: typeof real.open = async (...args) => {
    const file = await real.open(...args)
    const writeFile = file.writeFile.bind(file)
    file.writeFile = async bytes => {
      const { length } = bytes as Uint8Array
      await writeFile((bytes as Uint8Array).subarray(0, Math.min(length, disk.room)))
      if (length > disk.room)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    }
    return file
  }
  return { ...real, open }
})

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-nn-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('fileCheckpoints', () => {
  it('makes its folder, and writes, lists, reads and removes files in it', async () => {
    const store = fileCheckpoints(join(folder, 'a', 'b'))
    expect(store.place).toBe(join(folder, 'a', 'b'))
    expect(await store.list()).toEqual([])
    await store.write('one', Uint8Array.of(1, 2))
    await store.write('two', Uint8Array.of(3))
    await store.write('one', Uint8Array.of(4))
    expect([...(await store.list())].sort()).toEqual(['one', 'two'])
    expect([...(await store.read('one'))]).toEqual([4])
    await store.remove('one')
    expect(await readdir(store.place)).toEqual(['two.safetensors'])
  })

  it('takes no notice of other files, and clears what a crash has left', async () => {
    await writeFile(join(folder, 'one.safetensors.tmp'), 'half of a checkpoint')
    await writeFile(join(folder, 'notes.txt'), 'mine')
    const store = fileCheckpoints(folder)
    expect(await store.list()).toEqual([])
    await store.write('two', Uint8Array.of(1))
    expect((await readdir(folder)).sort()).toEqual(['notes.txt', 'two.safetensors'])
  })

  it('says what it could not do, and leaves nothing half done', async () => {
    const store = fileCheckpoints(folder)
    await expect(store.read('none')).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(`fileCheckpoints: cannot read ${join(folder, 'none.safetensors')}: ENOENT`),
      cause: { code: 'ENOENT' },
    })
    await mkdir(join(folder, 'taken.safetensors'))
    await writeFile(join(folder, 'taken.safetensors', 'inside'), 'kept')
    await expect(store.write('taken', Uint8Array.of(1))).rejects.toThrow('fileCheckpoints: cannot write')
    expect(await readdir(folder)).toEqual(['taken.safetensors'])
    expect(await readFile(join(folder, 'taken.safetensors', 'inside'), 'utf8')).toBe('kept')
    await writeFile(join(folder, 'file'), '')
    await expect(fileCheckpoints(join(folder, 'file')).list()).rejects.toThrow('ENOTDIR')
    await expect(store.remove('none')).rejects.toThrow('fileCheckpoints: cannot remove')
  })

  it('leaves the checkpoint before when the disk is full, and no half of the new one', async () => {
    const store = fileCheckpoints(folder)
    await store.write('one', Uint8Array.of(7))
    disk.room = 100
    try {
      const writing = store.write('one', new Uint8Array(1000))
      await expect(writing).rejects.toMatchObject({
        code: 'io',
        message: expect.stringMatching(
          /^fileCheckpoints: cannot write .*one\.safetensors: ENOSPC: no space left on device/,
        ),
        cause: { code: 'ENOSPC' },
      })
    } finally {
      disk.room = Number.POSITIVE_INFINITY
    }
    expect(await readdir(folder)).toEqual(['one.safetensors'])
    expect([...(await store.read('one'))]).toEqual([7])
  })
})
