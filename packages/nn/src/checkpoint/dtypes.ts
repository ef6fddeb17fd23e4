import { type DType, SurprisalError } from '@surprisal/tensor'

/** How a safetensors dtype is stored, and what it becomes here. */
export interface StoredType {
  readonly bytes: number
  readonly dtype: DType
  /** Element `i` of a run of elements, as a number. */
  read(view: DataView, offset: number): number
}

const bit = new DataView(new ArrayBuffer(4))

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
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const magnitude = Math.abs(value)
  if (magnitude === Number.POSITIVE_INFINITY) return sign | 0x7c00
  if (magnitude < 2 ** -14) return sign | Math.round(magnitude * 2 ** 24)
  const exponent = Math.floor(Math.log2(magnitude))
  return sign | ((exponent + 15) << 10) | (Math.round((magnitude / 2 ** exponent) * 1024) & 0x3ff)
}

function narrow(value: bigint): number {
  if (value < -2147483648n || value > 2147483647n)
    throw new SurprisalError('format', `readSafetensors: a 64-bit integer must fit int32, got ${value}`)
  return Number(value)
}

export const storedTypes: Readonly<Record<string, StoredType>> = {
  BOOL: { bytes: 1, dtype: 'bool', read: (view, at) => view.getUint8(at) },
  U8: { bytes: 1, dtype: 'uint8', read: (view, at) => view.getUint8(at) },
  I8: { bytes: 1, dtype: 'int8', read: (view, at) => view.getInt8(at) },
  I16: { bytes: 2, dtype: 'int32', read: (view, at) => view.getInt16(at, true) },
  U16: { bytes: 2, dtype: 'int32', read: (view, at) => view.getUint16(at, true) },
  F16: { bytes: 2, dtype: 'float16', read: (view, at) => halfToNumber(view.getUint16(at, true)) },
  BF16: {
    bytes: 2,
    dtype: 'float32',
    read: (view, at) => {
      bit.setUint32(0, view.getUint16(at, true) << 16)
      return bit.getFloat32(0)
    },
  },
  I32: { bytes: 4, dtype: 'int32', read: (view, at) => view.getInt32(at, true) },
  U32: { bytes: 4, dtype: 'int32', read: (view, at) => narrow(BigInt(view.getUint32(at, true))) },
  F32: { bytes: 4, dtype: 'float32', read: (view, at) => view.getFloat32(at, true) },
  F64: { bytes: 8, dtype: 'float32', read: (view, at) => view.getFloat64(at, true) },
  I64: { bytes: 8, dtype: 'int32', read: (view, at) => narrow(view.getBigInt64(at, true)) },
  U64: { bytes: 8, dtype: 'int32', read: (view, at) => narrow(view.getBigUint64(at, true)) },
}
