import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SurprisalError } from '@surprisal/tensor'
import { systemCode, writeError } from './io-errors.ts'

/** Keeps two programs from building in the same folder: a file beside it that names the process. */
export class BuildLock {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /**
   * @throws {SurprisalError} `io` when another process that still runs builds in this folder, or the file cannot be
   *   written
   */
  static async take(folder: string): Promise<BuildLock> {
    const path = `${folder}.lock`
    await mkdir(dirname(path), { recursive: true }).catch(cause => Promise.reject(writeError(dirname(path), cause)))
    for (let attempt = 0; ; attempt++) {
      try {
        await writeFile(path, String(process.pid), { flag: 'wx' })
        return new BuildLock(path)
      } catch (cause) {
        if (systemCode(cause) !== 'EEXIST' || attempt === 2) throw writeError(path, cause)
        const owner = Number(await readFile(path, 'utf8').catch(() => ''))
        if (isRunning(owner)) throw new SurprisalError('io', busy(folder, owner, path))
        await rm(path, { force: true })
      }
    }
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true }).catch(() => undefined)
  }
}

const busy = (folder: string, owner: number, path: string): string =>
  `search: ${folder} is being built by process ${owner}; wait until it is done (or remove ${path} if there is none)`

/** Whether a process of that number lives, be it this one or of another user. */
function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}
