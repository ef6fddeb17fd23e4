import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Check } from './check.ts'
import { root } from './files.ts'

/** What is kept of a check that passed. */
export interface Success {
  key: string
  passed: number
}

const always = (path: string) =>
  path === 'pnpm-lock.yaml' || path.startsWith('tooling/checks/') || path.startsWith('tooling/bootstrap/')

/** A hash of everything that the outcome of a check depends upon. */
export class Fingerprints {
  private readonly digests = new Map<string, string>()
  private readonly files: string[]
  private readonly directory: string

  constructor(files: string[], directory = root) {
    this.files = files
    this.directory = directory
  }

  of(check: Pick<Check, 'name' | 'inputs'>): string {
    const key = createHash('sha256').update(`${check.name} ${process.version} ${process.env.SURPRISAL_USER_NODE ?? ''}`)
    for (const path of this.files) {
      if (always(path) || check.inputs?.(path)) key.update(`\0${path}\0${this.digest(path)}`)
    }
    return key.digest('hex')
  }

  private digest(path: string): string {
    const known = this.digests.get(path)
    if (known !== undefined) return known
    const digest = createHash('sha256')
      .update(readFileSync(join(this.directory, path)))
      .digest('hex')
    this.digests.set(path, digest)
    return digest
  }
}

export function readSuccess(name: string, directory = cacheFolder): Success | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(name, directory), 'utf8')) as Success
  } catch {
    return undefined
  }
}

export function writeSuccess(name: string, success: Success, directory = cacheFolder): void {
  const file = fileOf(name, directory)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(success))
}

const cacheFolder = join(root, 'node_modules/.cache/surprisal')

function fileOf(name: string, directory: string): string {
  return join(directory, `${name.replaceAll(/[^\w+-]/g, '-')}.json`)
}
