import { crc32 } from 'node:zlib'
import { SurprisalError } from '@surprisal/tensor'
import { z } from 'zod'

/** Grows when files of an earlier build can no longer be read. */
export const formatVersion = 2

/** What every message about a damaged build advises. */
export const rebuildAdvice = 'start again with --rebuild'

/** Length and checksum of a file. */
export interface FileRecord {
  readonly bytes: number
  readonly crc32: number
}

export type FileRecords = Readonly<Record<string, FileRecord>>

const versionSchema = z.object({ version: z.number().int() })
const manifestSchema = z.object({
  files: z.record(z.string(), z.object({ bytes: z.number().int().nonnegative(), crc32: z.number().int() })),
  crc32: z.number().int(),
})

/** The text of a manifest, with a checksum of its own. */
export function formatManifest(files: FileRecords): string {
  return JSON.stringify({ version: formatVersion, files, crc32: checksum(files) }, null, 2)
}

/** @throws {SurprisalError} `format` naming the file at `path` when it is damaged or of another version */
export function parseManifest(text: string, path: string): FileRecords {
  const fail = (problem: string): never => {
    throw new SurprisalError('format', `search: ${path} ${problem}; ${rebuildAdvice}`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    fail('is damaged (no JSON)')
  }
  const head = versionSchema.safeParse(value)
  if (!head.success) return fail('is damaged (it has no version)')
  const { version } = head.data
  if (version !== formatVersion) fail(`was written by format ${version} and this program reads ${formatVersion}`)
  const parsed = manifestSchema.safeParse(value)
  if (!parsed.success) return fail('is damaged (fields are missing)')
  if (checksum(parsed.data.files) !== parsed.data.crc32) fail('is damaged (its checksum is wrong)')
  return parsed.data.files
}

function checksum(files: FileRecords): number {
  const records = Object.entries(files).map(([name, record]) => `${name} ${record.bytes} ${record.crc32}\n`)
  return crc32(records.sort().join(''))
}
