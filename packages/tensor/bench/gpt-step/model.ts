import type { InputSpec } from '@surprisal/bench'

/** Sizes of the small language model. */
export const layers = 2
export const width = 128
export const heads = 4
export const headWidth = width / heads
export const context = 128
const batch = 8
export const vocabulary = 256
export const tokens = batch * context

/** AdamW as all participants do it. */
export const adamW = { lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01 }

const weight = (rows: number, columns: number): InputSpec => {
  const bound = 1 / Math.sqrt(columns)
  return { shape: [rows, columns], min: -bound, max: bound }
}
const bias = (size: number): InputSpec => ({ shape: [size], min: -0.01, max: 0.01 })
const scale: InputSpec = { shape: [width], min: 0.9, max: 1.1 }

const layer = (i: number): Record<string, InputSpec> => ({
  [`scale1_${i}`]: scale,
  [`shift1_${i}`]: bias(width),
  [`qkv_${i}`]: weight(3 * width, width),
  [`qkvBias_${i}`]: bias(3 * width),
  [`project_${i}`]: weight(width, width),
  [`projectBias_${i}`]: bias(width),
  [`scale2_${i}`]: scale,
  [`shift2_${i}`]: bias(width),
  [`up_${i}`]: weight(4 * width, width),
  [`upBias_${i}`]: bias(4 * width),
  [`down_${i}`]: weight(width, 4 * width),
  [`downBias_${i}`]: bias(width),
})

/** Every weight by its name; matrices are [out, in]. */
export const parameters: Readonly<Record<string, InputSpec>> = {
  token: { shape: [vocabulary, width], min: -0.05, max: 0.05 },
  position: { shape: [context, width], min: -0.05, max: 0.05 },
  ...Object.assign({}, ...Array.from({ length: layers }, (_, i) => layer(i))),
  scale: scale,
  shift: bias(width),
  head: weight(vocabulary, width),
}

/** What the model reads and what follows, of so many texts; the programs take their number from here. */
export const textsOf = (count: number): Readonly<Record<string, InputSpec>> => ({
  ids: { shape: [count, context], dtype: 'int32', max: vocabulary },
  targets: { shape: [count * context], dtype: 'int32', max: vocabulary },
})

/** Those of a batch. */
export const texts = textsOf(batch)

/** Added to attention scores, [context, context]: nothing looks ahead. */
export function causalMask(): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: context * context }, (_, i) => (i % context > Math.floor(i / context) ? -1e9 : 0))
}
