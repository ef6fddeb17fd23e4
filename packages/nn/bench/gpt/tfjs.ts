import type { Tfjs, TfjsTensor } from '@surprisal/bench'
import { tfjsTraining } from '../training/tfjs-training.ts'
import { causalMask, context, heads, headWidth, layers, names, vocabulary, width } from './model.ts'

/** Rows of a table; the backend has no gradient of a gather, which is a product with one-hot rows here. */
function rowsOf(tf: Tfjs, table: TfjsTensor, ids: TfjsTensor): TfjsTensor {
  const rows = tf.customGrad((...[weight]) => ({
    value: tf.gather(weight as TfjsTensor, ids as ReturnType<Tfjs['tensor1d']>),
    gradFunc: dy => tf.matMul(tf.cast(tf.oneHot(ids, vocabulary), 'float32'), dy as TfjsTensor, true),
  }))
  return rows(table)
}

export const tfjsGpt = tfjsTraining(names, (x, tf) => {
  const [tokens] = x.targets.shape
  const batch = tokens / context
  const ids = tf.reshape(x.ids, [tokens])
  const labels = tf.oneHot(tf.cast(x.targets, 'int32'), vocabulary)
  const mask = tf.tensor(causalMask(), [context, context])
  const norm = (y: TfjsTensor, scale: TfjsTensor, shift: TfjsTensor) => {
    const centred = tf.sub(y, tf.mean(y, 1, true))
    const variance = tf.mean(tf.square(centred), 1, true)
    return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), scale), shift)
  }
  const gelu = (y: TfjsTensor) => {
    const inner = tf.mul(tf.add(y, tf.mul(tf.mul(tf.square(y), y), 0.044715)), Math.sqrt(2 / Math.PI))
    return tf.mul(tf.mul(y, 0.5), tf.add(tf.tanh(inner), 1))
  }
  return p => {
    const affine = (y: TfjsTensor, name: string) => tf.add(tf.matMul(y, p[`${name}.weight`]), p[`${name}.bias`])
    const normed = (y: TfjsTensor, name: string) => norm(y, p[`${name}.weight`], p[`${name}.bias`])
    const attention = (y: TfjsTensor, name: string) => {
      const [q, k, v] = tf
        .split(affine(y, `${name}.c_attn`), 3, 1)
        .map(part => tf.transpose(tf.reshape(part, [batch, context, heads, headWidth]), [0, 2, 1, 3]))
      const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(headWidth)), mask)
      const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3])
      return affine(tf.reshape(mixed, [tokens, width]), `${name}.c_proj`)
    }
    const table = p['transformer.wte.weight']
    const embedded = tf.reshape(rowsOf(tf, table, ids), [batch, context, width])
    let y: TfjsTensor = tf.reshape(tf.add(embedded, p['transformer.wpe.weight']), [tokens, width])
    for (let i = 0; i < layers; i++) {
      const block = `transformer.h.${i}`
      y = tf.add(y, attention(normed(y, `${block}.ln_1`), `${block}.attn`))
      const hidden = gelu(affine(normed(y, `${block}.ln_2`), `${block}.mlp.c_fc`))
      y = tf.add(y, affine(hidden, `${block}.mlp.c_proj`))
    }
    const logits = tf.matMul(normed(y, 'transformer.ln_f'), table, false, true)
    return tf.losses.softmaxCrossEntropy(labels, logits)
  }
})
