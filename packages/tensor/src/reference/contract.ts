import { isFloat } from '../dtype.ts'
import { isContiguous } from '../graph/affine.ts'
import { sizeOf } from '../shape.ts'
import { copyStrided, denseWalk } from './copy.ts'
import type { ElementArray, KernelFunction, KernelOperand } from './kernel-function.ts'

type Numbers = Float32Array | Float64Array

/** `out[m, n] = sum over k of a[m, k] * b[n, k]` in float64, two rows and four columns at a time. */
function multiplyFloats(a: Numbers, b: Numbers, out: Numbers, at: number, M: number, N: number, K: number): void {
  for (let m = 0; m < M; m += 2) {
    const a0 = m * K
    const a1 = m + 1 < M ? a0 + K : a0
    for (let n = 0; n < N; n += 4) {
      const b0 = n * K
      const b1 = n + 1 < N ? b0 + K : b0
      const b2 = n + 2 < N ? b1 + K : b1
      const b3 = n + 3 < N ? b2 + K : b2
      let s00 = 0
      let s01 = 0
      let s02 = 0
      let s03 = 0
      let s10 = 0
      let s11 = 0
      let s12 = 0
      let s13 = 0
      for (let k = 0; k < K; k++) {
        const x0 = a[a0 + k]
        const x1 = a[a1 + k]
        const y0 = b[b0 + k]
        const y1 = b[b1 + k]
        const y2 = b[b2 + k]
        const y3 = b[b3 + k]
        s00 += x0 * y0
        s01 += x0 * y1
        s02 += x0 * y2
        s03 += x0 * y3
        s10 += x1 * y0
        s11 += x1 * y1
        s12 += x1 * y2
        s13 += x1 * y3
      }
      // At an edge the last row or column is computed twice and stored last where it belongs.
      const width = Math.min(4, N - n)
      for (let r = Math.min(2, M - m) - 1; r >= 0; r--) {
        const o = at + (m + r) * N + n
        out[o] = r === 0 ? s00 : s10
        if (width > 1) out[o + 1] = r === 0 ? s01 : s11
        if (width > 2) out[o + 2] = r === 0 ? s02 : s12
        if (width > 3) out[o + 3] = r === 0 ? s03 : s13
      }
    }
  }
}

/** The same of integers, modulo 2^32. */
function multiplyIntegers(
  a: Int32Array,
  b: Int32Array,
  out: Int32Array,
  at: number,
  M: number,
  N: number,
  K: number,
): void {
  for (let m = 0; m < M; m++)
    for (let n = 0; n < N; n++) {
      let sum = 0
      for (let k = 0; k < K; k++) sum = (sum + Math.imul(a[m * K + k], b[n * K + k])) | 0
      out[at + m * N + n] = sum
    }
}

/** Copies matrix `batch` of a `[B, R, C]` operand to the front of `packed`, row by row or column by column. */
function pack({ data, map }: KernelOperand, batch: number, transposed: boolean, packed: ElementArray): void {
  const dims = transposed ? [2, 1] : [1, 2]
  const shape = dims.map(d => map.shape[d])
  const from = { strides: dims.map(d => map.strides[d]), offset: map.offset + batch * map.strides[0] }
  copyStrided(packed, denseWalk(shape), data, from, shape)
}

/** Makes the matrices of an operand available as packed arrays; one that is the same for all batches once only. */
function packer(operand: KernelOperand, transposed: boolean, create: (size: number) => ElementArray) {
  const { map, data } = operand
  const size = sizeOf(map.shape.slice(1))
  const direct = !transposed && isContiguous(map) && data instanceof create(0).constructor
  let packed: ElementArray | null = null
  return (batch: number): ElementArray => {
    if (direct) return data.subarray(map.offset + batch * size, map.offset + (batch + 1) * size)
    if (packed && map.strides[0] === 0) return packed
    packed ??= create(size)
    pack(operand, batch, transposed, packed)
    return packed
  }
}

/** `[B, M, K] x [B, K, N] -> [B, M, N]`: sums in float64, or modulo 2^32 for integers. */
export const contract: KernelFunction = (kernel, [a, b], out) => {
  const [B, M, N] = kernel.shape
  const K = a.map.shape[2]
  if (out.length === 0) return
  const floats = isFloat(kernel.dtype)
  const create = (size: number): ElementArray =>
    out instanceof Float64Array ? new Float64Array(size) : floats ? new Float32Array(size) : new Int32Array(size)
  const left = packer(a, false, create)
  const right = packer(b, true, create)
  for (let batch = 0; batch < B; batch++) {
    const x = left(batch)
    const y = right(batch)
    if (floats) multiplyFloats(x as Numbers, y as Numbers, out as Numbers, batch * M * N, M, N, K)
    else multiplyIntegers(x as Int32Array, y as Int32Array, out as Int32Array, batch * M * N, M, N, K)
  }
}
