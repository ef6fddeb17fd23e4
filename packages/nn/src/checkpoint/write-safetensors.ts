import { type DType, SurprisalError, type Tensor } from '@surprisal/tensor'
import { numberToHalf } from './dtypes.ts'

const names: Readonly<Record<DType, string>> = {
  float32: 'F32',
  float16: 'F16',
  int32: 'I32',
  uint8: 'U8',
  int8: 'I8',
  bool: 'BOOL',
}
const widths: Readonly<Record<DType, number>> = { float32: 4, float16: 2, int32: 4, uint8: 1, int8: 1, bool: 1 }

function elementBytes(data: ArrayLike<number>, dtype: DType): Uint8Array {
  if (dtype === 'float16') {
    const halves = new DataView(new ArrayBuffer(data.length * 2))
    for (let i = 0; i < data.length; i++) halves.setUint16(i * 2, numberToHalf(data[i]), true)
    return new Uint8Array(halves.buffer)
  }
  const typed = data as Float32Array
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength)
}

/**
 * A safetensors file. Entries are ordered by descending width of their dtype, then by name; a tensor under two names
 * is written once, under the first.
 * @param metadata strings kept in the header
 * @throws {SurprisalError} `argument` for the name `__metadata__` or metadata that is no string
 */
export async function writeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  { metadata }: { metadata?: Readonly<Record<string, string>> } = {},
): Promise<Uint8Array> {
  for (const [key, value] of Object.entries(metadata ?? {}))
    if (typeof value !== 'string')
      throw new SurprisalError('argument', `writeSafetensors: metadata must hold strings, got ${typeof value} at ${key}`)
  if (Object.hasOwn(tensors, '__metadata__'))
    throw new SurprisalError('argument', 'writeSafetensors: tensors must not be named __metadata__')
  const written = new Set<Tensor>()
  const distinct = Object.entries(tensors).filter(([, value]) => !written.has(value) && written.add(value))
  const ordered = distinct.sort(
    ([a, x], [b, y]) => widths[y.dtype] - widths[x.dtype] || (a < b ? -1 : a > b ? 1 : 0),
  )
  const header: [string, unknown][] = metadata && Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : []
  const parts: Uint8Array[] = []
  let at = 0
  for (const [name, value] of ordered) {
    const bytes = elementBytes(await value.data(), value.dtype)
    header.push([name, { dtype: names[value.dtype], shape: value.shape, data_offsets: [at, at + bytes.length] }])
    parts.push(bytes)
    at += bytes.length
  }
  const text = `{${header.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(',')}}`
  const encoded = new TextEncoder().encode(text)
  const length = Math.ceil(encoded.length / 8) * 8
  const file = new Uint8Array(8 + length + at).fill(0x20, 8 + encoded.length, 8 + length)
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true)
  file.set(encoded, 8)
  let offset = 8 + length
  for (const part of parts) {
    file.set(part, offset)
    offset += part.length
  }
  return file
}
