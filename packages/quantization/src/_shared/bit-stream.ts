/**
 * Little-endian bit streams: element i has the bits `[i b, (i + 1) b)`, and bit k of the stream is bit `k mod 8` of byte
 * `floor(k / 8)`. Widths of up to 8 bits span at most two bytes.
 */

/** Writes codes of `bits` bits into zeroed bytes. */
export function writeCodes(codes: ArrayLike<number>, from: number, count: number, bits: number, to: Uint8Array): void {
  for (let i = 0; i < count; i++) {
    const start = i * bits
    const shifted = codes[from + i] << (start & 7)
    to[start >> 3] |= shifted
    if ((start & 7) + bits > 8) to[(start >> 3) + 1] |= shifted >> 8
  }
}

/** The i-th code of a stream. */
export function readCode(bytes: ArrayLike<number>, from: number, i: number, bits: number): number {
  const start = i * bits
  const low = bytes[from + (start >> 3)]
  const high = (start & 7) + bits > 8 ? bytes[from + (start >> 3) + 1] : 0
  return ((low | (high << 8)) >> (start & 7)) & ((1 << bits) - 1)
}

/** Bytes that hold `count` codes. */
export const bytesFor = (count: number, bits: number): number => Math.ceil((count * bits) / 8)
