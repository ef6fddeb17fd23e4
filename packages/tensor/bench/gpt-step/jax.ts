import type { Jax, JaxArray, Named, Session } from '@surprisal/bench'
import { adamW, causalMask, context, heads, headWidth, layers, parameters, vocabulary, width } from './model.ts'

const names = Object.keys(parameters)

/** The loss; takes ownership of all that it gets, as the library asks. */
function lossOf(jax: Jax, p: Named<JaxArray>, rows: JaxArray, labels: JaxArray, mask: JaxArray): JaxArray {
  const { nn, numpy: np } = jax
  const [tokens] = rows.shape
  const batch = tokens / context
  const linear = (x: JaxArray, weight: JaxArray) => np.matmul(x, np.transpose(weight))
  const norm = (x: JaxArray, scale: JaxArray, shift: JaxArray) => {
    const centred = x.ref.sub(np.mean(x, 1, { keepdims: true }))
    const variance = np.mean(np.square(centred.ref), 1, { keepdims: true })
    return centred
      .div(np.sqrt(variance.add(1e-5)))
      .mul(scale)
      .add(shift)
  }
  const attention = (x: JaxArray, i: number) => {
    const qkv = linear(x, p[`qkv_${i}`]).add(p[`qkvBias_${i}`])
    const [q, k, v] = np
      .split(qkv, 3, 1)
      .map(part => np.transpose(part.reshape([batch, context, heads, headWidth]), [0, 2, 1, 3]))
    const scores = np
      .matmul(q, np.transpose(k, [0, 1, 3, 2]))
      .mul(1 / Math.sqrt(headWidth))
      .add(mask.ref)
    const mixed = np.transpose(np.matmul(nn.softmax(scores, -1), v), [0, 2, 1, 3]).reshape([tokens, width])
    return linear(mixed, p[`project_${i}`]).add(p[`projectBias_${i}`])
  }
  const embedded = np.matmul(rows, p.token).reshape([batch, context, width])
  let x = embedded.add(p.position).reshape([tokens, width])
  for (let i = 0; i < layers; i++) {
    x = x.ref.add(attention(norm(x, p[`scale1_${i}`], p[`shift1_${i}`]), i))
    const normed = norm(x.ref, p[`scale2_${i}`], p[`shift2_${i}`])
    const hidden = nn.gelu(linear(normed, p[`up_${i}`]).add(p[`upBias_${i}`]))
    x = x.add(linear(hidden, p[`down_${i}`]).add(p[`downBias_${i}`]))
  }
  mask.dispose()
  const logits = linear(norm(x, p.scale, p.shift), p.head)
  return np.sum(nn.logSoftmax(logits, 1).mul(labels)).mul(-1 / tokens)
}

/** Trains with AdamW in the same compiled function as the gradients. */
export function jaxStep(x: Named<JaxArray>, jax: Jax): Session {
  const { jit, nn, numpy: np, valueAndGrad } = jax
  const [tokens] = x.targets.shape
  const rows = nn.oneHot(x.ids.reshape([tokens]), vocabulary)
  const labels = nn.oneHot(x.targets, vocabulary)
  const mask = np.array(causalMask(), { shape: [context, context] })
  const { lr, beta1, beta2, eps, weightDecay } = adamW
  const named = (values: readonly JaxArray[]) => Object.fromEntries(names.map((name, i) => [name, values[i]]))

  const compiled = jit(
    (p: JaxArray[], m: JaxArray[], v: JaxArray[], rate: JaxArray, correction: JaxArray, texts: JaxArray[]) => {
      const forward = (values: JaxArray[]) => lossOf(jax, named(values), texts[0], texts[1], texts[2])
      const [loss, grads] = valueAndGrad(forward)(p.map(value => value.ref)) as [JaxArray, JaxArray[]]
      const nextM = m.map((old, i) => old.mul(beta1).add(grads[i].ref.mul(1 - beta1)))
      const nextV = v.map((old, i) => old.mul(beta2).add(np.square(grads[i]).mul(1 - beta2)))
      const nextP = p.map((old, i) => {
        const root = np.sqrt(nextV[i].ref.mul(correction.ref)).add(eps)
        return old.mul(1 - lr * weightDecay).sub(nextM[i].ref.div(root).mul(rate.ref))
      })
      rate.dispose()
      correction.dispose()
      return [[loss], nextP, nextM, nextV]
    },
  )
  let state = [[np.zeros([])], names.map(name => x[name]), zeros(), zeros()]
  let steps = 0
  function zeros(): JaxArray[] {
    return names.map(name => np.zeros([...parameters[name].shape]))
  }
  const step = async () => {
    steps++
    const [[loss], p, m, v] = state
    loss.dispose()
    const rate = np.array(lr / (1 - beta1 ** steps))
    const correction = np.array(1 / (1 - beta2 ** steps))
    state = compiled(p, m, v, rate, correction, [rows.ref, labels.ref, mask.ref]) as JaxArray[][]
    await jax.blockUntilReady(state)
  }
  const loss = () => state[0][0].ref.data()
  const stepWithLoss = async () => {
    await step()
    return loss()
  }
  return { run: step, results: async () => [await loss(), await stepWithLoss(), await stepWithLoss()] }
}
