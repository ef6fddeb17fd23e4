/**
 * The container of saved indexes. Little endian:
 *
 * ```
 * 0   magic 'SRPX'
 * 4   u16 format version
 * 6   u16 kind of index
 * 8   u32 length h of the header text
 * 12  u32 CRC-32C of bytes 0..12 and of the header text
 * 16  header text: JSON { metadata, sections: [{ name, offset, length, crc32c }] }
 *     sections, each at the next multiple of 64 bytes, zeros between; the file ends where the last one ends
 * ```
 *
 * Every byte is covered by a checksum or must be zero, and every length is checked against the file, so a truncated
 * or damaged file is refused before anything is read out of it.
 */
import { SurprisalError } from '@surprisal/tensor'
import { crc32c } from './crc32c.ts'
import { parseHeader, type Section } from './header.ts'

/** The newest format version that this build writes and reads. */
export const FORMAT_VERSION = 1

const MAGIC = 0x58505253
const FIXED = 16
const ALIGNMENT = 64
const SPACE = 32

/** What an index file holds before it is laid out as bytes. */
export interface IndexFileContent {
  /** Which class wrote it, a number of 16 bits. */
  kind: number
  /** Parameters, as JSON values. */
  metadata: Record<string, unknown>
  /** The arrays, in the order in which they are to be stored. */
  sections: Record<string, ArrayBufferView>
}

/** An index file after every check. */
export interface IndexFile {
  kind: number
  metadata: Record<string, unknown>
  /** The bytes of a section, as a view; throws when the file has no section of that name. */
  section(name: string): Uint8Array
}

/** Lays out metadata and arrays as one file. */
export function encodeIndexFile({ kind, metadata, sections }: IndexFileContent): Uint8Array {
  const parts = Object.entries(sections).map(([name, view]) => ({
    name,
    bytes: new Uint8Array(view.buffer, view.byteOffset, view.byteLength),
  }))
  const checksums = parts.map(({ bytes }) => crc32c(bytes))
  const { header, table } = layOut(metadata, parts, checksums)
  const last = table[table.length - 1]
  const file = new Uint8Array(last === undefined ? FIXED + header.length : last.offset + last.length)
  const view = new DataView(file.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint16(4, FORMAT_VERSION, true)
  view.setUint16(6, kind, true)
  view.setUint32(8, header.length, true)
  view.setUint32(12, crc32c(header, crc32c(file.subarray(0, 12))), true)
  file.set(header, FIXED)
  for (const [i, { bytes }] of parts.entries()) file.set(bytes, table[i].offset)
  return file
}

/**
 * Checks a file through and through and gives access to its sections.
 *
 * @param caller the name that starts every message
 * @throws {SurprisalError} `'format'`: not an index file, another kind, written by a newer format, truncated, or
 *   damaged (naming the section)
 */
export function decodeIndexFile(bytes: Uint8Array, kind: number, caller = 'decodeIndexFile'): IndexFile {
  const fail = (what: string): never => {
    throw new SurprisalError('format', `${caller}: ${what}`)
  }
  if (!(bytes instanceof Uint8Array)) throw new SurprisalError('argument', `${caller}: bytes must be a Uint8Array`)
  if (bytes.length < FIXED) fail(`the file is truncated: ${bytes.length} bytes, the fixed header alone has ${FIXED}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(0, true) !== MAGIC) fail("the file is not an index: it does not start with 'SRPX'")
  const version = view.getUint16(4, true)
  if (version > FORMAT_VERSION) fail(`written by format ${version}, this build reads <= ${FORMAT_VERSION}`)
  if (version === 0) fail('format version 0 does not exist')
  const headerEnd = FIXED + view.getUint32(8, true)
  if (headerEnd > bytes.length) fail(`the file is truncated: the header ends at ${headerEnd} of ${bytes.length} bytes`)
  const text = bytes.subarray(FIXED, headerEnd)
  if (crc32c(text, crc32c(bytes.subarray(0, 12))) !== view.getUint32(12, true)) fail('the header is damaged (CRC-32C)')
  const found = view.getUint16(6, true)
  if (found !== kind) fail(`the file holds an index of kind ${found}, not ${kind}`)
  const { metadata, sections } = parseHeader(text, fail)
  checkSections(bytes, headerEnd, sections, fail)
  return {
    kind,
    metadata,
    section(name) {
      const entry = sections.find(section => section.name === name) ?? fail(`section "${name}" is missing`)
      return bytes.subarray(entry.offset, entry.offset + entry.length)
    },
  }
}

/** Sections must follow one another without holes, fill the file exactly and match their checksums. */
function checkSections(bytes: Uint8Array, headerEnd: number, sections: Section[], fail: (what: string) => never): void {
  let end = headerEnd
  for (const { name, offset, length, crc32c: expected } of sections) {
    if (offset !== align(end)) fail(`section "${name}" starts at ${offset}, not at ${align(end)}`)
    if (offset + length > bytes.length) {
      fail(`the file is truncated: section "${name}" ends at ${offset + length} of ${bytes.length} bytes`)
    }
    for (let i = end; i < offset; i++) if (bytes[i] !== 0) fail(`the padding before section "${name}" is damaged`)
    end = offset + length
    if (crc32c(bytes.subarray(offset, end)) !== expected) fail(`section "${name}" is damaged (CRC-32C)`)
  }
  if (end !== bytes.length) fail(`the file has ${bytes.length - end} bytes after its last section`)
}

/** Offsets depend on the length of the header, which depends on the digits of the offsets: repeat until they agree. */
function layOut(
  metadata: Record<string, unknown>,
  parts: { name: string; bytes: Uint8Array }[],
  checksums: number[],
): { header: Uint8Array; table: Section[] } {
  for (let length = 0; ; ) {
    let end = FIXED + length
    const table = parts.map(({ name, bytes }, i) => {
      const offset = align(end)
      end = offset + bytes.length
      return { name, offset, length: bytes.length, crc32c: checksums[i] }
    })
    const text = new TextEncoder().encode(JSON.stringify({ metadata, sections: table }))
    if (text.length <= length) {
      const header = new Uint8Array(length).fill(SPACE)
      header.set(text)
      return { header, table }
    }
    length = text.length
  }
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT
}
