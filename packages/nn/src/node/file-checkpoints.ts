import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { SurprisalError } from '@surprisal/tensor'
import type { CheckpointStore } from '../train/checkpoint-store.ts'

const extension = '.safetensors'
const aside = '.tmp'

/**
 * Checkpoints as `<name>.safetensors` in a folder, which is made when the first one is written. A file is written
 * aside, flushed to the disk and then takes its name in one step: a crash at any moment or a full disk leaves the
 * checkpoints before as they were. Leftovers of a crash are removed by the next write; one process writes at a time.
 * @throws {SurprisalError} (its methods) `io`, with the error of the system as `cause`
 */
export function fileCheckpoints(folder: string): CheckpointStore {
  const pathOf = (name: string): string => join(folder, name + extension)
  return {
    place: folder,
    list: () =>
      io(`list ${folder}`, async () => {
        const names = await entriesOf(folder)
        return names.filter(name => name.endsWith(extension)).map(name => name.slice(0, -extension.length))
      }),
    read: name => io(`read ${pathOf(name)}`, () => readFile(pathOf(name))),
    write: (name, bytes) =>
      io(`write ${pathOf(name)}`, async () => {
        await mkdir(folder, { recursive: true })
        for (const left of (await entriesOf(folder)).filter(entry => entry.endsWith(extension + aside)))
          await unlink(join(folder, left))
        await replace(pathOf(name), bytes)
        await flush(folder)
      }),
    remove: name => io(`remove ${pathOf(name)}`, () => unlink(pathOf(name))),
  }
}

async function io<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new SurprisalError('io', `fileCheckpoints: cannot ${what}: ${(cause as Error).message}`, { cause })
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = path + aside
  try {
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  }
}

/** A rename is on disk only when its folder is. Windows cannot open folders, and flushes them itself. */
async function flush(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
