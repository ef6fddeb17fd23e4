import { type DType, type HostArray, hostArray } from '@surprisal/tensor/backend'

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** The half whose value a float32 is. */
function halfBits(x: number): number {
  float[0] = x
  const sign = (bits[0] >>> 16) & 0x8000
  const magnitude = bits[0] & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  if (magnitude >= 0x47800000) return sign | 0x7c00
  if (magnitude >= 0x38800000) return sign | ((magnitude - 0x38000000) >>> 13)
  return sign | Math.round(Math.abs(x) * 2 ** 24)
}

function halfValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >>> 10) & 31
  const mantissa = half & 1023
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1024 + mantissa) * 2 ** (exponent - 25)
}

/** The bytes of elements as the device holds them: halves in two bytes, bools in one. */
export function packElements(dtype: DType, data: HostArray): ArrayBufferView {
  if (dtype === 'float16') return Uint16Array.from(data, halfBits)
  if (dtype === 'float32' && !(data instanceof Float32Array)) return Float32Array.from(data)
  const out = hostArray(dtype, data.length)
  if (data.constructor === out.constructor) return data
  out.set(data)
  return out
}

/** Elements out of the bytes that the device holds. */
export function unpackElements(dtype: DType, bytes: ArrayBuffer, size: number): HostArray {
  if (dtype === 'float16') return Float32Array.from(new Uint16Array(bytes, 0, size), halfValue)
  if (dtype === 'float32') return new Float32Array(bytes, 0, size)
  if (dtype === 'int32') return new Int32Array(bytes, 0, size)
  return dtype === 'int8' ? new Int8Array(bytes, 0, size) : new Uint8Array(bytes, 0, size)
}
