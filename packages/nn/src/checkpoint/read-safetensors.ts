import { hostData, isTensor, SurprisalError, type Tensor, tensor } from '@surprisal/tensor'
import { describe } from '../_shared/positional.ts'
import { type ByteSource, blobSource } from './byte-source.ts'
import { storedTypes } from './dtypes.ts'
import { fail, headerLength, parseHeader, type SafetensorsEntry, type SafetensorsHeader } from './header.ts'

/**
 * Reads what a safetensors file holds, without its numbers.
 * @throws {SurprisalError} `format` for a header, an entry or a tiling of the data that the format does not allow,
 * `argument` for what are no bytes
 */
export function inspectSafetensors(bytes: Uint8Array): SafetensorsHeader {
  if (!(bytes instanceof Uint8Array))
    throw new SurprisalError('argument', `readSafetensors: file must be a Uint8Array, got ${describe(bytes)}`)
  const length = headerLength(bytes, bytes.length)
  return parseHeader(bytes.slice(8, 8 + length), bytes.length)
}

/** A tensor from the bytes that hold it; they are copied first where they do not stand as typed arrays need it. */
function toTensor({ name, dtype, shape }: SafetensorsEntry, bytes: Uint8Array): Tensor {
  const type = storedTypes.get(dtype) ?? fail(`dtype of ${name} is unknown, got ${dtype}`)
  const { buffer, byteOffset } = bytes.byteOffset % type.bytes === 0 ? bytes : bytes.slice()
  const values = type.decode(buffer, byteOffset, bytes.length / type.bytes, name)
  return tensor(values, { shape: [...shape], dtype: type.dtype })
}

/** The bytes of a tensor that was made from them. */
function bytesOf(file: Tensor): Uint8Array {
  const bytes = hostData(file)
  if (bytes) return Uint8Array.from(bytes)
  throw new SurprisalError(
    'device',
    `readSafetensors: file must be made from data, got a result of ${file.device} (pass await file.data())`,
  )
}

/**
 * All tensors of a safetensors file. 64-bit integers and U32 are narrowed to int32 with a range check, F64 and BF16
 * become float32, 16-bit integers int32.
 * @param file the bytes, or a uint8 tensor of them
 * @throws {SurprisalError} `format` naming the header, or the tensor and what is wrong with it; `device` for a tensor
 * that another device than the CPU has computed
 */
export function readSafetensors(file: Uint8Array | Tensor): Record<string, Tensor> {
  const bytes = isTensor(file) ? bytesOf(file) : file
  const { entries, dataStart } = inspectSafetensors(bytes)
  return Object.fromEntries(
    entries.map(entry => {
      const [begin, end] = entry.dataOffsets
      return [entry.name, toTensor(entry, bytes.subarray(dataStart + begin, dataStart + end))]
    }),
  )
}

/** A safetensors file of which single tensors can be read. */
export interface SafetensorsFile extends SafetensorsHeader {
  /**
   * Reads one tensor.
   * @throws {SurprisalError} `format` when the file has no tensor of that name
   */
  read(name: string): Promise<Tensor>
}

/**
 * Opens a file without reading its data: only the header is read, and then what `read` asks for.
 * @param file a blob, as of a file chooser or `fs.openAsBlob`, or any {@link ByteSource}
 * @throws {SurprisalError} `format` as {@link inspectSafetensors} does
 */
export async function openSafetensors(file: Blob | ByteSource): Promise<SafetensorsFile> {
  const source = 'slice' in file ? blobSource(file) : file
  const length = headerLength(await source.bytes(0, Math.min(8, source.size)), source.size)
  const header = parseHeader(await source.bytes(8, 8 + length), source.size)
  const byName = new Map(header.entries.map(entry => [entry.name, entry]))
  return {
    ...header,
    async read(name) {
      const entry = byName.get(name) ?? fail(`file must hold ${name}, got ${byName.size} other tensors`)
      const [begin, end] = entry.dataOffsets
      return toTensor(entry, await source.bytes(header.dataStart + begin, header.dataStart + end))
    },
  }
}
