import { type DType, SurprisalError } from '@surprisal/tensor'

/** How a safetensors dtype is stored, and what it becomes here. */
export interface StoredType {
  readonly bytes: number
  readonly dtype: DType
  /** The elements of aligned little-endian bytes, as a typed array or a view of one. */
  readonly decode: (buffer: ArrayBufferLike, offset: number, length: number, name: string) => Elements
}

/** What {@link StoredType.decode} gives: numbers that the dtype can hold. */
export type Elements = Float32Array | Float64Array | Int32Array | Int16Array | Uint16Array | Uint8Array | Int8Array

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** A half by its sign, exponent and fraction. */
export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >>> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** Bits of a number that a half can represent. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00
  float[0] = value
  const sign = (bits[0] >>> 16) & 0x8000
  const exponent = ((bits[0] >>> 23) & 0xff) - 127
  if (exponent > 15) return sign | 0x7c00
  if (exponent < -14) return sign | (Math.abs(value) * 2 ** 24)
  return sign | ((exponent + 15) << 10) | ((bits[0] >>> 13) & 0x3ff)
}

let halves: Float32Array | null = null

function decodeHalves(stored: Uint16Array): Float32Array {
  halves ??= Float32Array.from({ length: 65536 }, (_, half) => halfToNumber(half))
  const table = halves
  return Float32Array.from(stored, half => table[half])
}

function decodeBrainFloats(stored: Uint16Array): Float32Array {
  const wide = Uint32Array.from(stored, half => half << 16)
  return new Float32Array(wide.buffer)
}

/** The low words of 64-bit integers whose high words only repeat the sign. */
function narrow(words: Int32Array, name: string, isUnsigned: boolean): Int32Array {
  const out = new Int32Array(words.length / 2)
  for (let i = 0; i < out.length; i++) {
    out[i] = words[2 * i]
    if (words[2 * i + 1] !== (isUnsigned ? 0 : out[i] >> 31) || (isUnsigned && out[i] < 0)) {
      const high = BigInt(words[2 * i + 1]) << 32n
      const value = BigInt.asIntN(64, high | BigInt(words[2 * i] >>> 0))
      throw tooWide(name, isUnsigned ? BigInt.asUintN(64, value) : value)
    }
  }
  return out
}

function narrowUnsigned(stored: Int32Array, name: string): Int32Array {
  const wrong = stored.find(value => value < 0)
  if (wrong !== undefined) throw tooWide(name, wrong >>> 0)
  return stored
}

const tooWide = (name: string, value: bigint | number): SurprisalError =>
  new SurprisalError('format', `readSafetensors: data of ${name} must fit int32, got ${value}`)

export const storedTypes: ReadonlyMap<unknown, StoredType> = new Map<unknown, StoredType>([
  ['BOOL', { bytes: 1, dtype: 'bool', decode: (b, at, n) => new Uint8Array(b, at, n) }],
  ['U8', { bytes: 1, dtype: 'uint8', decode: (b, at, n) => new Uint8Array(b, at, n) }],
  ['I8', { bytes: 1, dtype: 'int8', decode: (b, at, n) => new Int8Array(b, at, n) }],
  ['I16', { bytes: 2, dtype: 'int32', decode: (b, at, n) => new Int16Array(b, at, n) }],
  ['U16', { bytes: 2, dtype: 'int32', decode: (b, at, n) => new Uint16Array(b, at, n) }],
  ['F16', { bytes: 2, dtype: 'float16', decode: (b, at, n) => decodeHalves(new Uint16Array(b, at, n)) }],
  ['BF16', { bytes: 2, dtype: 'float32', decode: (b, at, n) => decodeBrainFloats(new Uint16Array(b, at, n)) }],
  ['I32', { bytes: 4, dtype: 'int32', decode: (b, at, n) => new Int32Array(b, at, n) }],
  ['U32', { bytes: 4, dtype: 'int32', decode: (b, at, n, name) => narrowUnsigned(new Int32Array(b, at, n), name) }],
  ['F32', { bytes: 4, dtype: 'float32', decode: (b, at, n) => new Float32Array(b, at, n) }],
  ['F64', { bytes: 8, dtype: 'float32', decode: (b, at, n) => new Float64Array(b, at, n) }],
  ['I64', { bytes: 8, dtype: 'int32', decode: (b, at, n, name) => narrow(new Int32Array(b, at, 2 * n), name, false) }],
  ['U64', { bytes: 8, dtype: 'int32', decode: (b, at, n, name) => narrow(new Int32Array(b, at, 2 * n), name, true) }],
])

/** Names under which the dtypes of tensors are stored. */
export const storedNames: Readonly<Record<DType, string>> = {
  float32: 'F32',
  float16: 'F16',
  int32: 'I32',
  uint8: 'U8',
  int8: 'I8',
  bool: 'BOOL',
}
