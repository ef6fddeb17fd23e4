/*
 * What the program expects, by loops that have nothing in common with the engine. Arrays are row-major.
 */

/** Numbers in [-1, 1), the same everywhere. */
export function numbers(count: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 31
  })
}

type Numbers = Float32Array | Float64Array

export function matmul(a: Numbers, b: Numbers, rows: number, inner: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++)
      for (let j = 0; j < columns; j++) out[i * columns + j] += a[i * inner + k] * b[k * columns + j]
  return out
}

/** Applies `f` to each row. */
function byRow(x: Numbers, columns: number, f: (row: Numbers, at: number) => Float64Array): Float64Array {
  const out = new Float64Array(x.length)
  for (let at = 0; at < x.length; at += columns) out.set(f(x.subarray(at, at + columns), at), at)
  return out
}

const softmaxOf = (row: Numbers): Float64Array => {
  const largest = Math.max(...row)
  const powers = Float64Array.from(row, x => Math.exp(x - largest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map(power => power / total)
}

export const softmax = (x: Numbers, columns: number): Float64Array => byRow(x, columns, softmaxOf)

/** The gradient of the sum of `softmax(x) * weight` by `x`. */
export const softmaxGradient = (x: Numbers, weight: Numbers, columns: number): Float64Array =>
  byRow(x, columns, (row, at) => {
    const y = softmaxOf(row)
    const mean = y.reduce((sum, value, i) => sum + value * weight[at + i], 0)
    return y.map((value, i) => value * (weight[at + i] - mean))
  })

/** The gradient of the mean cross-entropy of logits by the logits. */
export const crossEntropyGradient = (logits: Numbers, labels: readonly number[], classes: number): Float64Array =>
  byRow(logits, classes, (row, at) =>
    softmaxOf(row).map((p, i) => (p - (i === labels[at / classes] ? 1 : 0)) / labels.length),
  )

export const crossEntropy = (logits: Numbers, labels: readonly number[], classes: number): Float64Array => {
  const y = softmax(logits, classes)
  return Float64Array.of(labels.reduce((sum, label, i) => sum - Math.log(y[i * classes + label]), 0) / labels.length)
}

/** One image `[channels, size, size]` by `[filters, channels, 3, 3]`, with one pixel of zeros around it. */
export function conv2d(x: Numbers, w: Numbers, channels: number, size: number, filters: number): Float64Array {
  const out = new Float64Array(filters * size * size)
  const pixel = (c: number, i: number, j: number) =>
    i < 0 || j < 0 || i >= size || j >= size ? 0 : x[(c * size + i) * size + j]
  for (let f = 0; f < filters; f++)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        for (let c = 0; c < channels; c++)
          for (let k = 0; k < 9; k++)
            out[(f * size + i) * size + j] +=
              pixel(c, i + Math.floor(k / 3) - 1, j + (k % 3) - 1) * w[(f * channels + c) * 9 + k]
  return out
}

export const sorted = (x: Numbers, columns: number): Float64Array =>
  byRow(x, columns, row => Float64Array.from(row).sort())
