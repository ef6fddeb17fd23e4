/**
 * Inner products of a float query with the +-1 vectors that sign bits stand for. A table holds, for each byte of the
 * code and each of its 256 values, the sum of the query's values under the set bits; a score is 2 * (sum of one entry
 * per byte) - sum(query).
 */
export function signScorer(query: Float64Array, codes: Int32Array): (row: number) => number {
  const dim = query.length
  const words = Math.ceil(dim / 32)
  const table = new Float64Array(words * 4 * 256)
  for (let byte = 0; byte < words * 4; byte++) {
    const base = byte * 256
    for (let value = 1; value < 256; value++) {
      const i = byte * 8 + 31 - Math.clz32(value & -value)
      table[base + value] = table[base + (value & (value - 1))] + (i < dim ? query[i] : 0)
    }
  }
  const total = query.reduce((sum, x) => sum + x, 0)
  return row => {
    let sum = 0
    for (let w = 0, base = 0, o = row * words; w < words; w++, base += 1024) {
      const word = codes[o + w]
      sum +=
        table[base + (word & 255)] +
        table[base + 256 + ((word >>> 8) & 255)] +
        table[base + 512 + ((word >>> 16) & 255)] +
        table[base + 768 + (word >>> 24)]
    }
    return 2 * sum - total
  }
}
