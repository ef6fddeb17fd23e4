import type { Named, Session, Tfjs, TfjsTensor } from '@surprisal/bench'
import { adamW, causalMask, context, heads, headWidth, layers, parameters, vocabulary, width } from './model.ts'

const names = Object.keys(parameters)

/** The loss; the token embedding is a product with one-hot rows, since the backend has no gradient of a gather. */
function lossOf(tf: Tfjs, p: Named<TfjsTensor>, rows: TfjsTensor, labels: TfjsTensor, mask: TfjsTensor): TfjsTensor {
  const [tokens] = rows.shape
  const batch = tokens / context
  const linear = (x: TfjsTensor, weight: TfjsTensor) => tf.matMul(x, weight, false, true)
  const norm = (x: TfjsTensor, scale: TfjsTensor, shift: TfjsTensor) => {
    const centred = tf.sub(x, tf.mean(x, 1, true))
    const variance = tf.mean(tf.square(centred), 1, true)
    return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), scale), shift)
  }
  const gelu = (x: TfjsTensor) => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI))
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1))
  }
  const attention = (x: TfjsTensor, i: number) => {
    const qkv = tf.add(linear(x, p[`qkv_${i}`]), p[`qkvBias_${i}`])
    const [q, k, v] = tf
      .split(qkv, 3, 1)
      .map(part => tf.transpose(tf.reshape(part, [batch, context, heads, headWidth]), [0, 2, 1, 3]))
    const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(headWidth)), mask)
    const mixed = tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]), [tokens, width])
    return tf.add(linear(mixed, p[`project_${i}`]), p[`projectBias_${i}`])
  }
  const embedded = tf.reshape(tf.matMul(rows, p.token), [batch, context, width])
  let x: TfjsTensor = tf.reshape(tf.add(embedded, p.position), [tokens, width])
  for (let i = 0; i < layers; i++) {
    x = tf.add(x, attention(norm(x, p[`scale1_${i}`], p[`shift1_${i}`]), i))
    const normed = norm(x, p[`scale2_${i}`], p[`shift2_${i}`])
    const hidden = gelu(tf.add(linear(normed, p[`up_${i}`]), p[`upBias_${i}`]))
    x = tf.add(x, tf.add(linear(hidden, p[`down_${i}`]), p[`downBias_${i}`]))
  }
  return tf.losses.softmaxCrossEntropy(labels, linear(norm(x, p.scale, p.shift), p.head))
}

/** Trains with AdamW written in its ops, as the library has none. */
export function tfjsStep(x: Named<TfjsTensor>, tf: Tfjs): Session {
  const [tokens] = x.targets.shape
  const rows = tf.cast(tf.oneHot(tf.reshape(x.ids, [tokens]), vocabulary), 'float32')
  const labels = tf.oneHot(tf.cast(x.targets, 'int32'), vocabulary)
  const mask = tf.tensor(causalMask(), [context, context])
  const { lr, beta1, beta2, eps, weightDecay } = adamW
  let state = {
    p: names.map(name => tf.clone(x[name])),
    m: names.map(name => tf.zerosLike(x[name])),
    v: names.map(name => tf.zerosLike(x[name])),
    loss: tf.scalar(0) as TfjsTensor,
  }
  let steps = 0
  const named = (values: readonly TfjsTensor[]) => Object.fromEntries(names.map((name, i) => [name, values[i]]))

  const step = () => {
    steps++
    const next = tf.tidy(() => {
      const forward = (...values: TfjsTensor[]) =>
        lossOf(tf, named(values), rows, labels, mask) as ReturnType<Tfjs['scalar']>
      const { value, grads } = tf.valueAndGrads(forward)(state.p)
      const m = state.m.map((old, i) => tf.add(tf.mul(old, beta1), tf.mul(grads[i], 1 - beta1)))
      const v = state.v.map((old, i) => tf.add(tf.mul(old, beta2), tf.mul(tf.square(grads[i]), 1 - beta2)))
      const p = state.p.map((old, i) => {
        const root = tf.add(tf.sqrt(tf.mul(v[i], 1 / (1 - beta2 ** steps))), eps)
        return tf.sub(tf.mul(old, 1 - lr * weightDecay), tf.mul(tf.div(m[i], root), lr / (1 - beta1 ** steps)))
      })
      return { p, m, v, loss: value as TfjsTensor }
    })
    tf.dispose(state)
    state = next
  }
  const stepWithLoss = () => {
    step()
    return state.loss.data()
  }
  return { run: step, results: async () => [await state.loss.data(), await stepWithLoss(), await stepWithLoss()] }
}
