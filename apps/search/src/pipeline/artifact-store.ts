import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { writeFileAtomic } from '@surprisal/retrieval/node'
import { SurprisalError } from '@surprisal/tensor'
import { writeError } from './io-errors.ts'
import { type FileRecords, formatManifest, parseManifest, rebuildAdvice } from './manifest.ts'

const manifestName = 'manifest.json'

/**
 * The files of one build: every one is written aside and renamed, and its length and checksum stand in a manifest
 * that is written last. What a build was stopped at is therefore either there and whole, or not there.
 *
 * A rebuild has a folder beside the earlier build, and takes its place with {@link ArtifactStore.commit} only.
 */
export class ArtifactStore {
  /** Where this build's files are: `home`, or a folder beside it while something is built anew. */
  readonly folder: string
  readonly #home: string
  #files: FileRecords

  private constructor(home: string, folder: string, files: FileRecords) {
    this.#home = home
    this.folder = folder
    this.#files = files
  }

  /**
   * Opens the build of a folder, and makes the folder when there is none.
   * @param rebuild begin anew beside what the folder holds, or go on with a rebuild that was stopped
   * @throws {SurprisalError} `format` for a manifest that is damaged or of another version, `io` when the folder
   *   cannot be used
   */
  static async open(home: string, { rebuild = false }: { rebuild?: boolean } = {}): Promise<ArtifactStore> {
    await recover(home)
    if (!rebuild || (await readManifest(home)) === null) {
      await makeFolder(home)
      const text = await readManifest(home)
      return new ArtifactStore(home, home, text === null ? {} : parseManifest(text, join(home, manifestName)))
    }
    const aside = `${home}.rebuild`
    const stopped = await ArtifactStore.#openWhole(home, aside)
    if (stopped !== null) return stopped
    await rm(aside, { recursive: true, force: true }).catch(cause => Promise.reject(writeError(aside, cause)))
    await makeFolder(aside)
    return new ArtifactStore(home, aside, {})
  }

  /** The rebuild that was stopped in a folder, if there is one and all of its files are as they were written. */
  static async #openWhole(home: string, aside: string): Promise<ArtifactStore | null> {
    try {
      const text = await readManifest(aside)
      if (text === null) return null
      const files = parseManifest(text, join(aside, manifestName))
      const store = new ArtifactStore(home, aside, files)
      for (const name of Object.keys(files)) await store.read(name)
      return store
    } catch {
      return null
    }
  }

  /** Whether an earlier build stays in use until {@link ArtifactStore.commit}. */
  get isRebuild(): boolean {
    return this.folder !== this.#home
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#files, name)
  }

  /**
   * The bytes of a file of this build, or null when it has not been made yet.
   * @throws {SurprisalError} `format` or `io` naming the file when it is missing, cut or changed
   */
  async read(name: string): Promise<Uint8Array | null> {
    if (!this.has(name)) return null
    const { bytes, crc32: expected } = this.#files[name]
    const path = join(this.folder, name)
    const data = await readFile(path).catch((cause: Error) => {
      throw new SurprisalError('io', `search: ${path} cannot be read (${cause.message}); ${rebuildAdvice}`, { cause })
    })
    if (data.length !== bytes)
      throw new SurprisalError(
        'format',
        `search: ${path} must have ${bytes} bytes, got ${data.length}; ${rebuildAdvice}`,
      )
    if (crc32(data) !== expected)
      throw new SurprisalError('format', `search: ${path} is damaged (its checksum is wrong); ${rebuildAdvice}`)
    return data
  }

  /** @throws {SurprisalError} `io` when the disk refuses; what was there before stays */
  async write(name: string, data: Uint8Array): Promise<void> {
    const files = { ...this.#files, [name]: { bytes: data.length, crc32: crc32(data) } }
    await this.#put(name, data)
    await this.#put(manifestName, new TextEncoder().encode(formatManifest(files)))
    this.#files = files
  }

  async readJson(name: string): Promise<unknown> {
    const data = await this.read(name)
    return data === null ? null : JSON.parse(new TextDecoder().decode(data))
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await this.write(name, new TextEncoder().encode(JSON.stringify(value)))
  }

  /** After a rebuild: it takes the place of the earlier build. */
  async commit(): Promise<void> {
    if (!this.isRebuild) return
    const old = `${this.#home}.old`
    try {
      await rm(old, { recursive: true, force: true })
      await rename(this.#home, old)
      await rename(this.folder, this.#home)
      await rm(old, { recursive: true, force: true })
    } catch (cause) {
      throw writeError(this.#home, cause)
    }
  }

  /** After a rebuild that failed: removes what it made; the earlier build is as it was. */
  async discard(): Promise<void> {
    if (this.isRebuild) await rm(this.folder, { recursive: true, force: true }).catch(() => undefined)
  }

  async #put(name: string, data: Uint8Array): Promise<void> {
    const path = join(this.folder, name)
    await writeFileAtomic(path, data).catch(cause => Promise.reject(writeError(path, cause)))
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch(cause => Promise.reject(writeError(folder, cause)))
}

async function readManifest(folder: string): Promise<string | null> {
  const path = join(folder, manifestName)
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return null
    throw new SurprisalError('io', `search: ${path} cannot be read (${cause.message}); choose another with --cache`, {
      cause,
    })
  })
}

/** Undoes the first half of a {@link ArtifactStore.commit} that did not come to the second. */
async function recover(home: string): Promise<void> {
  if ((await readManifest(home)) === null && (await readManifest(`${home}.old`)) !== null)
    await rename(`${home}.old`, home).catch(cause => Promise.reject(writeError(home, cause)))
}
