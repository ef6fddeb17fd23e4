import type { InputSpec, Named } from '@surprisal/bench'

/** Sizes of the smallest model that `apps/tiny-lm` trains. */
export const layers = 2
export const width = 128
export const heads = 4
export const headWidth = width / heads
export const inner = 352
export const vocabulary = 2048

/** Tokens that are given, those that are written, and all. */
const given = 16
export const written = 64
export const length = given + written

export const normEps = 1e-6

const weight = (outFeatures: number, inFeatures: number): InputSpec => {
  const bound = 1 / Math.sqrt(inFeatures)
  return { shape: [outFeatures, inFeatures], min: -bound, max: bound }
}
const scale: InputSpec = { shape: [width], min: 0.9, max: 1.1 }

const layer = (i: number): Record<string, InputSpec> =>
  Object.fromEntries(
    Object.entries({
      'self_attn.q_proj.weight': weight(width, width),
      'self_attn.k_proj.weight': weight(width, width),
      'self_attn.v_proj.weight': weight(width, width),
      'self_attn.o_proj.weight': weight(width, width),
      'mlp.gate_proj.weight': weight(inner, width),
      'mlp.up_proj.weight': weight(inner, width),
      'mlp.down_proj.weight': weight(width, inner),
      'input_layernorm.weight': scale,
      'post_attention_layernorm.weight': scale,
    }).map(([name, spec]) => [`model.layers.${i}.${name}`, spec]),
  )

/** Every weight of Llama by its name; matrices are [out, in]. */
const parameters: Named<InputSpec> = {
  'model.embed_tokens.weight': { shape: [vocabulary, width] },
  ...Object.assign({}, ...Array.from({ length: layers }, (_, i) => layer(i))),
  'model.norm.weight': scale,
  'lm_head.weight': weight(vocabulary, width),
}

export const names = Object.keys(parameters)

/** Weights and a text to go on from. */
export const inputs: Named<InputSpec> = {
  ...parameters,
  prompt: { shape: [1, given], dtype: 'int32', max: vocabulary },
}

/** Cosines and sines of rotary positions, [length, headWidth / 2] each. */
export function rotary(): { cos: Float32Array<ArrayBuffer>; sin: Float32Array<ArrayBuffer> } {
  const half = headWidth / 2
  const angles = Array.from({ length: length * half }, (_, i) => Math.floor(i / half) * 10_000 ** (-(i % half) / half))
  return { cos: Float32Array.from(angles, Math.cos), sin: Float32Array.from(angles, Math.sin) }
}
