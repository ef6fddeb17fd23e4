import type { JaxArray } from '@surprisal/bench'
import { jaxTraining } from '../training/jax-training.ts'
import { causalMask, context, heads, headWidth, layers, names, vocabulary, width } from './model.ts'

/** The embedding is a product with one-hot rows, since a compiled function has no gradient of a gather. */
export const jaxGpt = jaxTraining(names, (x, { nn, numpy: np }) => {
  const [tokens] = x.targets.shape
  const batch = tokens / context
  const norm = (y: JaxArray, scale: JaxArray, shift: JaxArray) => {
    const centred = y.ref.sub(np.mean(y, 1, { keepdims: true }))
    const variance = np.mean(np.square(centred.ref), 1, { keepdims: true })
    return centred
      .div(np.sqrt(variance.add(1e-5)))
      .mul(scale)
      .add(shift)
  }
  const data = [
    nn.oneHot(x.ids.reshape([tokens]), vocabulary),
    nn.oneHot(x.targets, vocabulary),
    np.array(causalMask(), { shape: [context, context] }),
  ]
  return {
    data,
    lossOf: (p, [rows, labels, mask]) => {
      const affine = (y: JaxArray, name: string) => np.matmul(y, p[`${name}.weight`]).add(p[`${name}.bias`])
      const normed = (y: JaxArray, name: string) => norm(y, p[`${name}.weight`], p[`${name}.bias`])
      const attention = (y: JaxArray, name: string) => {
        const [q, k, v] = np
          .split(affine(y, `${name}.c_attn`), 3, 1)
          .map(part => np.transpose(part.reshape([batch, context, heads, headWidth]), [0, 2, 1, 3]))
        const scores = np
          .matmul(q, np.transpose(k, [0, 1, 3, 2]))
          .mul(1 / Math.sqrt(headWidth))
          .add(mask.ref)
        const mixed = np.transpose(np.matmul(nn.softmax(scores, -1), v), [0, 2, 1, 3])
        return affine(mixed.reshape([tokens, width]), `${name}.c_proj`)
      }
      const table = p['transformer.wte.weight']
      const embedded = np.matmul(rows, table.ref).reshape([batch, context, width])
      let y = embedded.add(p['transformer.wpe.weight']).reshape([tokens, width])
      for (let i = 0; i < layers; i++) {
        const block = `transformer.h.${i}`
        y = y.ref.add(attention(normed(y, `${block}.ln_1`), `${block}.attn`))
        const hidden = nn.gelu(affine(normed(y.ref, `${block}.ln_2`), `${block}.mlp.c_fc`))
        y = y.add(affine(hidden, `${block}.mlp.c_proj`))
      }
      mask.dispose()
      const logits = np.matmul(normed(y, 'transformer.ln_f'), np.transpose(table))
      return np.sum(nn.logSoftmax(logits, 1).mul(labels)).mul(-1 / tokens)
    },
  }
})
