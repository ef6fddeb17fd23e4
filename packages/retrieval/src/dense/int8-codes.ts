/**
 * Symmetric int8 codes, one scale per vector: scale = max|x| / 127, code = round half to even (x / scale), so that
 * code * scale is near x. All arithmetic is rounded to float32, like the stored scale. A zero vector has scale 1 and
 * codes 0.
 */

/** Codes and scales of a batch of vectors. */
export interface Int8Codes {
  /** Row after row, -127..127. */
  codes: Int8Array
  /** One per row. */
  scales: Float32Array
}

/**
 * Quantizes rows of `dim` values to int8.
 *
 * @param vectors row after row, finite
 * @param dim values per row
 * @param count number of rows; needs to be given only where dim may be 0
 */
export function quantizeInt8Rows(vectors: ArrayLike<number>, dim: number, count = vectors.length / dim): Int8Codes {
  const codes = new Int8Array(vectors.length)
  const scales = new Float32Array(count)
  for (let r = 0; r < count; r++) {
    let largest = 0
    for (let o = r * dim; o < (r + 1) * dim; o++) largest = Math.max(largest, Math.abs(vectors[o]))
    // A largest value so small that its scale underflows leaves nothing to represent.
    const scale = Math.fround(Math.fround(largest) / 127) || 1
    scales[r] = scale
    for (let o = r * dim; o < (r + 1) * dim; o++) codes[o] = clampedCode(Math.fround(vectors[o] / scale))
  }
  return { codes, scales }
}

/** In the subnormal range the scale is so coarse that the quotient can exceed 127. */
function clampedCode(quotient: number): number {
  return Math.max(-127, Math.min(127, roundHalfToEven(quotient)))
}

function roundHalfToEven(x: number): number {
  const rounded = Math.round(x)
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
