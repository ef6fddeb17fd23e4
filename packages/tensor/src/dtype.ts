/** Element types. `float16` is storage only: every op reads it as float32 and rounds its result once. */
export type DType = 'float32' | 'float16' | 'int32' | 'uint8' | 'int8' | 'bool'

/** What holds the elements on the host; float16 is held as float32 values that a half can represent, bool as 0 and 1. */
export type HostArray = Float32Array | Int32Array | Uint8Array | Int8Array

export const dtypes: readonly DType[] = ['float32', 'float16', 'int32', 'uint8', 'int8', 'bool']

/** Bytes of one element as stored. */
export const bytesPerElement: Record<DType, number> = { float32: 4, float16: 2, int32: 4, uint8: 1, int8: 1, bool: 1 }

export const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float16'
export const isInteger = (dtype: DType): boolean => dtype === 'int32' || dtype === 'uint8' || dtype === 'int8'

/** A fresh, zeroed host array for `size` elements. */
export function hostArray(dtype: DType, size: number): HostArray {
  switch (dtype) {
    case 'float32':
    case 'float16':
      return new Float32Array(size)
    case 'int32':
      return new Int32Array(size)
    case 'int8':
      return new Int8Array(size)
    default:
      return new Uint8Array(size)
  }
}

const rank: Record<DType, number> = { bool: 0, uint8: 1, int8: 1, int32: 2, float16: 3, float32: 4 }

/** The larger of two dtypes in the order `bool < uint8, int8 < int32 < float16 < float32`; uint8 with int8 gives int32. */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a
  if (rank[a] === rank[b]) return 'int32'
  return rank[a] > rank[b] ? a : b
}

/** Smallest and largest value of an integer dtype. */
export const integerRange: Record<'int32' | 'uint8' | 'int8', readonly [number, number]> = {
  int32: [-2147483648, 2147483647],
  uint8: [0, 255],
  int8: [-128, 127],
}

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** The nearest half-precision value, ties to even; 65520 and above become Infinity, subnormals are kept. */
export function roundToHalf(x: number): number {
  const magnitude = Math.abs(x)
  if (!(magnitude < 65520)) return magnitude >= 65520 ? Math.sign(x) * Number.POSITIVE_INFINITY : x
  float[0] = magnitude
  const exponent = Math.max((bits[0] >>> 23) - 127, -14)
  const unit = 2 ** (exponent - 10)
  const scaled = magnitude / unit
  let whole = Math.floor(scaled)
  const rest = scaled - whole
  if (rest > 0.5 || (rest === 0.5 && whole % 2 === 1)) whole += 1
  return x < 0 || Object.is(x, -0) ? -whole * unit : whole * unit
}
