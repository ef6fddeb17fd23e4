import type { InputSpec } from '@surprisal/bench'

/** Sizes of the small language model. */
export const layers = 2
export const width = 128
export const heads = 4
export const headWidth = width / heads
export const context = 128
export const vocabulary = 4096
const batch = 8

const weight = (inFeatures: number, outFeatures: number): InputSpec => {
  const bound = 1 / Math.sqrt(inFeatures)
  return { shape: [inFeatures, outFeatures], min: -bound, max: bound }
}
const bias = (size: number): InputSpec => ({ shape: [size], min: -0.01, max: 0.01 })
const scale: InputSpec = { shape: [width], min: 0.9, max: 1.1 }
const table = (rows: number): InputSpec => ({ shape: [rows, width], min: -0.05, max: 0.05 })

const layer = (i: number): Record<string, InputSpec> =>
  Object.fromEntries(
    Object.entries({
      'ln_1.weight': scale,
      'ln_1.bias': bias(width),
      'attn.c_attn.weight': weight(width, 3 * width),
      'attn.c_attn.bias': bias(3 * width),
      'attn.c_proj.weight': weight(width, width),
      'attn.c_proj.bias': bias(width),
      'ln_2.weight': scale,
      'ln_2.bias': bias(width),
      'mlp.c_fc.weight': weight(width, 4 * width),
      'mlp.c_fc.bias': bias(4 * width),
      'mlp.c_proj.weight': weight(4 * width, width),
      'mlp.c_proj.bias': bias(width),
    }).map(([name, spec]) => [`transformer.h.${i}.${name}`, spec]),
  )

/** Every weight of GPT-2 by its name; matrices are [in, out], logits are made with the table of tokens. */
export const parameters: Readonly<Record<string, InputSpec>> = {
  'transformer.wte.weight': table(vocabulary),
  'transformer.wpe.weight': table(context),
  ...Object.assign({}, ...Array.from({ length: layers }, (_, i) => layer(i))),
  'transformer.ln_f.weight': scale,
  'transformer.ln_f.bias': bias(width),
}

export const names = Object.keys(parameters)

/** What the model reads, and what follows each token. */
export const texts: Readonly<Record<string, InputSpec>> = {
  ids: { shape: [batch, context], dtype: 'int32', max: vocabulary },
  targets: { shape: [batch * context], dtype: 'int32', max: vocabulary },
}

/** Added to attention scores, [context, context]: nothing looks ahead. */
export function causalMask(): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: context * context }, (_, i) => (i % context > Math.floor(i / context) ? -1e9 : 0))
}
