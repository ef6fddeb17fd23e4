/**
 * One bit per dimension, set where the value is > 0: bit i of a vector is bit i & 31 of its word i >> 5. Words are
 * kept as int32 (bit 31 set makes a negative number); the unused bits of the last word are 0.
 */

/** How many 32-bit words hold `dim` bits. */
export function wordsPerRow(dim: number): number {
  return Math.ceil(dim / 32)
}

/**
 * The sign bits of rows of `dim` values. Vectors whose dimensions are not centred at zero give codes that tell little
 * apart: subtract the mean first.
 *
 * @param vectors row after row
 * @param dim values per row
 * @param count number of rows; needs to be given only where dim may be 0
 * @returns `wordsPerRow(dim)` words per row
 */
export function binarizeRows(vectors: ArrayLike<number>, dim: number, count = vectors.length / dim): Int32Array {
  const words = wordsPerRow(dim)
  const codes = new Int32Array(count * words)
  for (let r = 0; r < count; r++) {
    for (let i = 0; i < dim; i++) if (vectors[r * dim + i] > 0) codes[r * words + (i >> 5)] |= 1 << (i & 31)
  }
  return codes
}

/**
 * Hamming distances of one code to many, by population count.
 *
 * @param query the words of one code
 * @param codes as many words per row
 * @param out one distance per row
 */
export function hammingRows(query: Int32Array, codes: Int32Array, out: Int32Array): void {
  const words = query.length
  for (let r = 0; r < out.length; r++) {
    const base = r * words
    let distance = 0
    for (let first = 0; first < words; first += FLUSH) {
      // Four counts, one in each byte; a word adds at most 8 to each.
      let counts = 0
      const last = Math.min(words, first + FLUSH)
      for (let w = first; w < last; w++) {
        let x = query[w] ^ codes[base + w]
        x -= (x >>> 1) & 0x55555555
        x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
        counts = (counts + ((x + (x >>> 4)) & 0x0f0f0f0f)) | 0
      }
      counts = (counts & 0x00ff00ff) + ((counts >>> 8) & 0x00ff00ff)
      distance += (counts + (counts >>> 16)) & 0xffff
    }
    out[r] = distance
  }
}

/** After so many words the byte counts (at most 8 each) must be emptied. */
const FLUSH = 31
