import { SurprisalError } from '@surprisal/tensor'
import { storedTypes } from './dtypes.ts'

/** Place and type of one tensor of a file. */
export interface SafetensorsEntry {
  readonly name: string
  /** Name of the format's dtype, as in `F32`. */
  readonly dtype: string
  readonly shape: readonly number[]
  /** First byte and the one after the last, counted from the start of the data. */
  readonly dataOffsets: readonly [number, number]
}

/** What a file holds, without its numbers. */
export interface SafetensorsHeader {
  readonly entries: readonly SafetensorsEntry[]
  readonly metadata: Readonly<Record<string, string>>
  /** Where the data begins. */
  readonly dataStart: number
}

const maxHeader = 100_000_000
const maxRank = 8
const maxElements = 2 ** 31 - 1

export const fail = (message: string): never => {
  throw new SurprisalError('format', `readSafetensors: ${message}`)
}

/** A wrong value in a few characters. */
function brief(value: unknown): string {
  const isDeep = Array.isArray(value) && value.some(entry => typeof entry === 'object')
  if (isDeep) return 'a nested list'
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return 'an object'
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** Length of the JSON text by the first 8 bytes of a file of `size` bytes. */
export function headerLength(start: Uint8Array, size: number): number {
  if (size < 8) fail(`header must have a length of 8 bytes, got a file of ${size}`)
  const length = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true)
  if (length > BigInt(maxHeader)) fail(`header must be at most ${maxHeader} bytes, got ${length}`)
  if (Number(length) + 8 > size) fail(`header must end within the file of ${size} bytes, got length ${length}`)
  return Number(length)
}

/** Calls `visit` for every key as it stands in the text of an object, with how deep it is nested. */
function visitKeys(text: string, visit: (depth: number, from: number, to: number) => void): void {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x7b || code === 0x5b) depth += 1
    else if (code === 0x7d || code === 0x5d) depth -= 1
    else if (code === 0x22) {
      const from = i++
      while (text.charCodeAt(i) !== 0x22) i += text.charCodeAt(i) === 0x5c ? 2 : 1
      let next = i + 1
      while (text.charCodeAt(next) <= 0x20) next += 1
      if (text.charCodeAt(next) === 0x3a) visit(depth, from, i + 1)
    }
  }
}

/** The first name that stands twice. */
function repeatedName(text: string): string | undefined {
  const seen = new Set<string>()
  let twice: string | undefined
  visitKeys(text, (depth, from, to) => {
    if (depth !== 1) return
    const name = JSON.parse(text.slice(from, to)) as string
    if (seen.has(name)) twice ??= name
    seen.add(name)
  })
  return twice
}

/** JSON.parse keeps the last of two equal keys; which tensor is meant must not depend on the reader. */
function refuseRepeatedKeys(text: string, fields: readonly [string, unknown][]): void {
  let names = 0
  let inner = 0
  visitKeys(text, depth => {
    if (depth === 1) names += 1
    else inner += 1
  })
  if (names !== fields.length) fail(`header must not repeat a name, got ${repeatedName(text)} twice`)
  let kept = 0
  for (const [, value] of fields)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) kept += Object.keys(value).length
  if (inner !== kept) fail('header must not repeat or nest the fields of an entry')
}

/** The fields of the object that the bytes hold. */
function parseFields(bytes: Uint8Array): [string, unknown][] {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new SurprisalError('format', 'readSafetensors: header must be UTF-8', { cause })
  }
  if (!text.startsWith('{')) fail('header must begin with "{"')
  let parsed: object
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new SurprisalError('format', `readSafetensors: header must be JSON, ${(cause as Error).message}`, { cause })
  }
  const fields = Object.entries(parsed)
  refuseRepeatedKeys(text, fields)
  return fields
}

function metadataOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail(`header's __metadata__ must be an object, got ${brief(value)}`)
  for (const [key, entry] of Object.entries(value as object))
    if (typeof entry !== 'string') fail(`header's __metadata__ must hold strings, got ${typeof entry} at ${key}`)
  return value as Record<string, string>
}

const areWhole = (list: unknown): list is number[] =>
  Array.isArray(list) && list.every(entry => Number.isSafeInteger(entry) && entry >= 0)

function toEntry(name: string, value: unknown): SafetensorsEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>
  const type = storedTypes.get(dtype)
  if (!type) return fail(`dtype of ${name} is unknown, got ${brief(dtype)}`)
  if (!areWhole(shape)) return fail(`shape of ${name} must hold non-negative integers, got ${brief(shape)}`)
  if (!areWhole(offsets) || offsets.length !== 2 || offsets[0] > offsets[1])
    return fail(`data_offsets of ${name} must be [begin, end], got ${brief(offsets)}`)
  const elements = shape.reduce((product, dim) => product * dim, 1)
  if (shape.length > maxRank || elements > maxElements)
    fail(`shape of ${name} must have at most ${maxRank} dims and ${maxElements} elements, got ${brief(shape)}`)
  const [begin, end] = offsets
  if (end - begin !== elements * type.bytes)
    fail(
      `data_offsets of ${name} must span ${elements * type.bytes} bytes for ${dtype} [${shape.join(', ')}], got ${end - begin}`,
    )
  return { name, dtype: dtype as string, shape, dataOffsets: [begin, end] }
}

/** The entries cover the data from its start to its end, each byte once. */
function checkTiling(entries: readonly SafetensorsEntry[], size: number): void {
  let at = 0
  const inOrder = [...entries].sort(
    (a, b) => a.dataOffsets[0] - b.dataOffsets[0] || a.dataOffsets[1] - b.dataOffsets[1],
  )
  for (const { name, dataOffsets } of inOrder) {
    if (dataOffsets[0] !== at)
      fail(`data_offsets of ${name} must begin at ${at} without a hole or overlap, got ${dataOffsets[0]}`)
    at = dataOffsets[1]
    if (at > size) fail(`data_offsets of ${name} must end within the ${size} bytes of data, got ${at}`)
  }
  if (at !== size) fail(`data_offsets must cover the ${size} bytes of data, got ${at}`)
}

/**
 * Reads the JSON text of a header.
 * @param size bytes of the whole file
 */
export function parseHeader(json: Uint8Array, size: number): SafetensorsHeader {
  const fields = parseFields(json)
  const metadata = fields.find(([name]) => name === '__metadata__')
  const entries = fields.filter(field => field !== metadata).map(([name, value]) => toEntry(name, value))
  const dataStart = 8 + json.length
  checkTiling(entries, size - dataStart)
  return { entries, metadata: metadata ? metadataOf(metadata[1]) : {}, dataStart }
}
