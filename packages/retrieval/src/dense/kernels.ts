/*
 * The inner loops. Each takes four rows at a time, so that four independent sums are in flight, and adds the terms of
 * one row in the order of its dimensions in float64: a score is the same bit for bit however rows are grouped into
 * blocks and queries into batches. Float32Array and Int8Array have loops of their own because one loop that has seen
 * both runs at half the speed.
 */

/** out[r - start] = query . rows[r] for start <= r < end. */
export function dotFloat32(
  query: Float64Array,
  rows: Float32Array,
  start: number,
  end: number,
  out: Float64Array,
): void {
  const dim = query.length
  let r = start
  for (; r + 3 < end; r += 4) {
    const o0 = r * dim
    const o1 = o0 + dim
    const o2 = o1 + dim
    const o3 = o2 + dim
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    for (let j = 0; j < dim; j++) {
      const q = query[j]
      s0 += q * rows[o0 + j]
      s1 += q * rows[o1 + j]
      s2 += q * rows[o2 + j]
      s3 += q * rows[o3 + j]
    }
    out[r - start] = s0
    out[r - start + 1] = s1
    out[r - start + 2] = s2
    out[r - start + 3] = s3
  }
  for (; r < end; r++) {
    let s = 0
    for (let j = 0, o = r * dim; j < dim; j++) s += query[j] * rows[o + j]
    out[r - start] = s
  }
}

/** out[r - start] = query . codes[r] for start <= r < end. */
export function dotInt8(query: Float64Array, codes: Int8Array, start: number, end: number, out: Float64Array): void {
  const dim = query.length
  let r = start
  for (; r + 3 < end; r += 4) {
    const o0 = r * dim
    const o1 = o0 + dim
    const o2 = o1 + dim
    const o3 = o2 + dim
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    for (let j = 0; j < dim; j++) {
      const q = query[j]
      s0 += q * codes[o0 + j]
      s1 += q * codes[o1 + j]
      s2 += q * codes[o2 + j]
      s3 += q * codes[o3 + j]
    }
    out[r - start] = s0
    out[r - start + 1] = s1
    out[r - start + 2] = s2
    out[r - start + 3] = s3
  }
  for (; r < end; r++) {
    let s = 0
    for (let j = 0, o = r * dim; j < dim; j++) s += query[j] * codes[o + j]
    out[r - start] = s
  }
}

/** out[r - start] = |query - rows[r]|^2 for start <= r < end, by differences, which keeps near neighbours exact. */
export function squaredDistanceFloat32(
  query: Float64Array,
  rows: Float32Array,
  start: number,
  end: number,
  out: Float64Array,
): void {
  const dim = query.length
  let r = start
  for (; r + 3 < end; r += 4) {
    const o0 = r * dim
    const o1 = o0 + dim
    const o2 = o1 + dim
    const o3 = o2 + dim
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    for (let j = 0; j < dim; j++) {
      const q = query[j]
      const d0 = q - rows[o0 + j]
      const d1 = q - rows[o1 + j]
      const d2 = q - rows[o2 + j]
      const d3 = q - rows[o3 + j]
      s0 += d0 * d0
      s1 += d1 * d1
      s2 += d2 * d2
      s3 += d3 * d3
    }
    out[r - start] = s0
    out[r - start + 1] = s1
    out[r - start + 2] = s2
    out[r - start + 3] = s3
  }
  for (; r < end; r++) {
    let s = 0
    for (let j = 0, o = r * dim; j < dim; j++) {
      const d = query[j] - rows[o + j]
      s += d * d
    }
    out[r - start] = s
  }
}
