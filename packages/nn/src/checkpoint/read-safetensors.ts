import { isTensor, SurprisalError, type Tensor, tensor } from '@surprisal/tensor'
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

const fail = (message: string): never => {
  throw new SurprisalError('format', `readSafetensors: ${message}`)
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < 8) fail(`header must have a length of 8 bytes, got a file of ${bytes.length}`)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (length > BigInt(maxHeader)) fail(`header must be at most ${maxHeader} bytes, got ${length}`)
  if (Number(length) + 8 > bytes.length) fail(`header must end within the file of ${bytes.length} bytes, got length ${length}`)
  return Number(length)
}

function parseHeader(text: string): Map<string, unknown> {
  if (!text.startsWith('{')) fail('header must begin with "{"')
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new SurprisalError('format', `readSafetensors: header must be JSON, ${(cause as Error).message}`, { cause })
  }
  return new Map(Object.entries(parsed as object))
}

function toEntry(name: string, value: unknown): SafetensorsEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>
  const whole = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every(entry => Number.isSafeInteger(entry) && entry >= 0)
  if (typeof dtype !== 'string' || !Object.hasOwn(storedTypes, dtype)) fail(`dtype of ${name} is unknown, got ${String(dtype)}`)
  if (!whole(shape)) fail(`shape of ${name} must hold non-negative integers, got ${JSON.stringify(shape)}`)
  if (!whole(offsets) || offsets.length !== 2 || offsets[0] > offsets[1])
    fail(`data_offsets of ${name} must be [begin, end], got ${JSON.stringify(offsets)}`)
  const [begin, end] = offsets as number[]
  const size = (shape as number[]).reduce((product, dim) => product * dim, 1) * storedTypes[dtype as string].bytes
  if (end - begin !== size)
    fail(`data_offsets of ${name} must span ${size} bytes for ${dtype} [${(shape as number[]).join(', ')}], got ${end - begin}`)
  return { name, dtype: dtype as string, shape: shape as number[], dataOffsets: [begin, end] }
}

/**
 * Reads what a safetensors file holds, without its numbers.
 * @throws {SurprisalError} `format` for a header, an entry or a tiling of the data that the format does not allow
 */
export function inspectSafetensors(bytes: Uint8Array): SafetensorsHeader {
  const length = headerLength(bytes)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.slice(8, 8 + length))
  } catch (cause) {
    throw new SurprisalError('format', 'readSafetensors: header must be UTF-8', { cause })
  }
  const fields = parseHeader(text)
  const metadata = (fields.get('__metadata__') ?? {}) as Record<string, unknown>
  for (const [key, value] of Object.entries(metadata))
    if (typeof value !== 'string') fail(`header's __metadata__ must hold strings, got ${typeof value} at ${key}`)
  fields.delete('__metadata__')
  const entries = [...fields].map(([name, value]) => toEntry(name, value))
  checkTiling(entries, bytes.length - 8 - length)
  return { entries, metadata: metadata as Record<string, string>, dataStart: 8 + length }
}

function checkTiling(entries: readonly SafetensorsEntry[], size: number): void {
  let at = 0
  const inOrder = [...entries].sort((a, b) => a.dataOffsets[0] - b.dataOffsets[0] || a.dataOffsets[1] - b.dataOffsets[1])
  for (const { name, dataOffsets } of inOrder) {
    if (dataOffsets[0] !== at)
      fail(`data_offsets of ${name} must begin at ${at} without a hole or overlap, got ${dataOffsets[0]}`)
    at = dataOffsets[1]
    if (at > size) fail(`data_offsets of ${name} must end within the ${size} bytes of data, got ${at}`)
  }
  if (at !== size) fail(`data_offsets must cover the ${size} bytes of data, got ${at}`)
}

/**
 * All tensors of a safetensors file. 64-bit integers are narrowed to int32 with a range check, F64 and BF16 become
 * float32, 16-bit integers int32.
 * @param file the bytes, or a uint8 tensor of them
 * @throws {SurprisalError} `format` naming the header, or the tensor and what is wrong with it
 */
export function readSafetensors(file: Uint8Array | Tensor): Record<string, Tensor> {
  const bytes = isTensor(file) ? Uint8Array.from(file.dataSync()) : file
  const { entries, dataStart } = inspectSafetensors(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tensors = entries.map(({ name, dtype, shape, dataOffsets }): [string, Tensor] => {
    const type = storedTypes[dtype]
    const values = new Float64Array((dataOffsets[1] - dataOffsets[0]) / type.bytes)
    const begin = dataStart + dataOffsets[0]
    for (let i = 0; i < values.length; i++) values[i] = type.read(view, begin + i * type.bytes)
    return [name, tensor(values, { shape: [...shape], dtype: type.dtype })]
  })
  return Object.fromEntries(tensors)
}
