import { open, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { SurprisalError } from '@surprisal/tensor'

/**
 * Writes a file so that a reader, or a process that starts after a crash, sees either all of the old bytes or all of
 * the new ones: a temporary file in the same folder is written and flushed to disk, takes the name of the target in
 * one step, and the folder is flushed. When anything fails, the temporary file is removed and the target is as it was.
 *
 * @param path the target; its folder must exist
 * @param bytes what the file shall hold
 * @throws {SurprisalError} `'io'`, with the error of the system as `cause`
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path).slice(0, 100)}.${process.pid}.${randomName()}.tmp`)
  try {
    await writeAndFlush(temporary, bytes)
    await rename(temporary, path)
    await flushFolder(folder)
  } catch (cause) {
    await unlink(temporary).catch(() => undefined)
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SurprisalError('io', `writeFileAtomic: cannot write ${path}: ${reason}`, { cause })
  }
}

async function writeAndFlush(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A rename is on disk only when its folder is. Systems that cannot open a folder (Windows) flush it themselves. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function randomName(): string {
  return crypto.randomUUID().slice(0, 8)
}
