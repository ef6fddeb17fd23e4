import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { writeFileAtomic } from '@surprisal/retrieval/node'
import { SurprisalError } from '@surprisal/tensor'
import { z } from 'zod'

/** Grows when files of an earlier build can no longer be read. */
const formatVersion = 1

const manifestSchema = z.object({
  version: z.number().int(),
  files: z.record(z.string(), z.object({ bytes: z.number().int(), crc32: z.number().int() })),
})
type Manifest = z.infer<typeof manifestSchema>

const advice = 'start again with --rebuild'

/**
 * The files of one build: every one is written aside and renamed, and its length and checksum stand in a manifest
 * that is written last. What a build was stopped at is therefore either there and whole, or not there.
 */
export class ArtifactStore {
  readonly folder: string
  #manifest: Manifest

  private constructor(folder: string, manifest: Manifest) {
    this.folder = folder
    this.#manifest = manifest
  }

  /**
   * Opens a folder, and makes it when there is none.
   * @param rebuild forget what the folder holds; its files stay until they are replaced
   * @throws {SurprisalError} `format` for a manifest that is damaged or of another version, `io` when the folder cannot be used
   */
  static async open(folder: string, { rebuild = false }: { rebuild?: boolean } = {}): Promise<ArtifactStore> {
    await mkdir(folder, { recursive: true }).catch((cause: Error) => {
      throw new SurprisalError('io', `search: ${folder} cannot be made (${cause.message}); choose another with --cache`, { cause })
    })
    const empty: Manifest = { version: formatVersion, files: {} }
    const path = join(folder, 'manifest.json')
    const text = rebuild ? null : await readFile(path, 'utf8').catch(() => null)
    return new ArtifactStore(folder, text === null ? empty : parseManifest(text, path))
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#manifest.files, name)
  }

  /**
   * The bytes of a file of this build, or null when it has not been made yet.
   * @throws {SurprisalError} `format` naming the file when it is missing, cut or changed
   */
  async read(name: string): Promise<Uint8Array | null> {
    if (!this.has(name)) return null
    const { bytes, crc32: expected } = this.#manifest.files[name]
    const path = join(this.folder, name)
    const data = await readFile(path).catch((cause: Error) => {
      throw new SurprisalError('io', `search: ${path} cannot be read (${cause.message}); ${advice}`, { cause })
    })
    if (data.length !== bytes)
      throw new SurprisalError('format', `search: ${path} must have ${bytes} bytes, got ${data.length}; ${advice}`)
    if (crc32(data) !== expected)
      throw new SurprisalError('format', `search: ${path} is damaged (its checksum is wrong); ${advice}`)
    return data
  }

  /** @throws {SurprisalError} `io` when the disk refuses; what was there before stays */
  async write(name: string, data: Uint8Array): Promise<void> {
    await writeFileAtomic(join(this.folder, name), data)
    const files = { ...this.#manifest.files, [name]: { bytes: data.length, crc32: crc32(data) } }
    const manifest = { version: formatVersion, files }
    await writeFileAtomic(join(this.folder, 'manifest.json'), new TextEncoder().encode(JSON.stringify(manifest, null, 2)))
    this.#manifest = manifest
  }

  async readJson(name: string): Promise<unknown> {
    const data = await this.read(name)
    return data === null ? null : JSON.parse(new TextDecoder().decode(data))
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await this.write(name, new TextEncoder().encode(JSON.stringify(value)))
  }
}

function parseManifest(text: string, path: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new SurprisalError('format', `search: ${path} is damaged (no JSON); ${advice}`, { cause })
  }
  const parsed = manifestSchema.safeParse(value)
  if (!parsed.success) throw new SurprisalError('format', `search: ${path} is damaged (fields are missing); ${advice}`)
  if (parsed.data.version !== formatVersion)
    throw new SurprisalError(
      'format',
      `search: ${path} was written by format ${parsed.data.version}, this build reads ${formatVersion}; ${advice}`,
    )
  return parsed.data
}
