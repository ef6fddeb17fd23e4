const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by))

/**
 * The Threefry-2x32 block function with 20 rounds: a key and a counter, each a pair of uint32 numbers, give a
 * pair of uint32 numbers that look independent for any two different inputs.
 *
 * @param key - pair of uint32 numbers
 * @param counter - pair of uint32 numbers
 * @returns pair of uint32 numbers
 * @see Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011)
 */
export function threefry2x32(key: readonly [number, number], counter: readonly [number, number]): [number, number] {
  const schedule = [key[0] | 0, key[1] | 0, key[0] ^ key[1] ^ 0x1bd11bda]
  let x0 = (counter[0] + schedule[0]) | 0
  let x1 = (counter[1] + schedule[1]) | 0
  for (let group = 0; group < 5; group++) {
    const first = (group & 1) * 4
    for (let round = 0; round < 4; round++) {
      x0 = (x0 + x1) | 0
      x1 = rotate(x1, rotations[first + round]) ^ x0
    }
    x0 = (x0 + schedule[(group + 1) % 3]) | 0
    x1 = (x1 + schedule[(group + 2) % 3] + group + 1) | 0
  }
  return [x0 >>> 0, x1 >>> 0]
}

/**
 * Writes `y0 ^ y1` of {@link threefry2x32} at the counters `[0, first], [0, first + 1], ...`, the bit patterns as
 * int32. The rounds are written out, which makes them twice as fast.
 */
export function fillThreefryBits(key: readonly [number, number], first: number, out: Int32Array): void {
  const k0 = key[0] | 0
  const k1 = key[1] | 0
  const k2 = k0 ^ k1 ^ 0x1bd11bda
  for (let i = 0; i < out.length; i++) {
    let x0 = k0
    let x1 = (first + i + k1) | 0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
    x0 = (x0 + k1) | 0
    x1 = (x1 + k2 + 1) | 0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0
    x0 = (x0 + k2) | 0
    x1 = (x1 + k0 + 2) | 0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
    x0 = (x0 + k0) | 0
    x1 = (x1 + k1 + 3) | 0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0
    x0 = (x0 + k1) | 0
    x1 = (x1 + k2 + 4) | 0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
    x0 = (x0 + k2) | 0
    x1 = (x1 + k0 + 5) | 0
    out[i] = x0 ^ x1
  }
}
