import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BuildLock } from './build-lock.ts'

let folder: string
let home: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-lock-'))
  home = join(folder, 'cache', 'build')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('BuildLock', () => {
  it('is a file beside the folder until it is released', async () => {
    const lock = await BuildLock.take(home)
    expect(await readdir(join(folder, 'cache'))).toEqual(['build.lock'])
    expect(await readFile(`${home}.lock`, 'utf8')).toBe(String(process.pid))
    await lock.release()
    expect(await readdir(join(folder, 'cache'))).toEqual([])
    await lock.release()
    await (await BuildLock.take(home)).release()
  })

  it('is refused while a process that runs has it', async () => {
    const lock = await BuildLock.take(home)
    await expect(BuildLock.take(home)).rejects.toThrow(
      `search: ${home} is being built by process ${process.pid}; wait until it is done (or remove ${home}.lock if there is none)`,
    )
    await lock.release()
  })

  it('is taken over from a process that has ended', async () => {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
    await new Promise(resolve => child.once('exit', resolve))
    await (await BuildLock.take(home)).release()
    await writeFile(`${home}.lock`, String(child.pid))
    const lock = await BuildLock.take(home)
    expect(await readFile(`${home}.lock`, 'utf8')).toBe(String(process.pid))
    await lock.release()
  })

  it.each(['', 'nonsense', '-1', '0'])('is taken over when it names nobody (%j)', async text => {
    await (await BuildLock.take(home)).release()
    await writeFile(`${home}.lock`, text)
    await (await BuildLock.take(home)).release()
  })

  it('goes to one of many who want it at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => BuildLock.take(home)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('says that the folder cannot be made', async () => {
    await writeFile(join(folder, 'cache'), 'a file')
    await expect(BuildLock.take(home)).rejects.toThrow(
      /^search: .*cache cannot be written: .*choose another folder with --cache$/,
    )
  })

  it.skipIf(process.getuid?.() === 0)('says that this user may not write there', async () => {
    await chmod(folder, 0o500)
    await expect(BuildLock.take(home)).rejects.toThrow('this user may not write there')
    await chmod(folder, 0o700)
  })
})
