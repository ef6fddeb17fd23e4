import type { Named, Session } from '@surprisal/bench'
import { AdamW } from '@surprisal/nn'
import { embedding, gelu, gradients, layerNorm, linear, Parameter, type Tensor, tensor } from '@surprisal/tensor'
import { adamW, causalMask, context, heads, headWidth, layers, parameters, width } from './model.ts'

type Cells = Readonly<Record<string, Parameter>>

function attention(x: Tensor, p: Cells, i: number, mask: Tensor): Tensor {
  const [batch] = x.shape
  const qkv = linear(x, p[`qkv_${i}`], p[`qkvBias_${i}`])
    .reshape([batch, context, 3, heads, headWidth])
    .permute([2, 0, 3, 1, 4])
  const [q, k, v] = qkv.unbind({ dim: 0 })
  const scores = q
    .matmul(k.transpose(2, 3))
    .mul(1 / Math.sqrt(headWidth))
    .add(mask)
  const mixed = scores.softmax({ dim: -1 }).matmul(v).permute([0, 2, 1, 3]).reshape([batch, context, width])
  return linear(mixed, p[`project_${i}`], p[`projectBias_${i}`])
}

function lossOf(p: Cells, ids: Tensor, targets: Tensor, mask: Tensor): Tensor {
  let x = embedding(p.token, ids).add(p.position)
  for (let i = 0; i < layers; i++) {
    x = x.add(attention(layerNorm(x, [width], p[`scale1_${i}`], p[`shift1_${i}`]), p, i, mask))
    const normed = layerNorm(x, [width], p[`scale2_${i}`], p[`shift2_${i}`])
    const hidden = gelu(linear(normed, p[`up_${i}`], p[`upBias_${i}`]), { approximate: 'tanh' })
    x = x.add(linear(hidden, p[`down_${i}`], p[`downBias_${i}`]))
  }
  const logits = linear(layerNorm(x, [width], p.scale, p.shift).reshape([-1, width]), p.head)
  return logits.logSoftmax({ dim: 1 }).gather(1, targets.unsqueeze(1)).mean().neg()
}

/** Trains with the optimiser of `@surprisal/nn`. */
export function ownStep(x: Named<Tensor>): Session {
  const p = Object.fromEntries(Object.keys(parameters).map(name => [name, new Parameter(x[name])]))
  const cells = Object.values(p)
  const mask = tensor(causalMask(), { shape: [context, context] })
  const { lr, beta1, beta2, eps, weightDecay } = adamW
  const optimizer = new AdamW(cells, { lr, betas: [beta1, beta2], eps, weightDecay })
  const step = async () => {
    const loss = lossOf(p, x.ids, x.targets, mask)
    optimizer.step(gradients(loss, cells))
    await optimizer.settle(loss)
    return loss
  }
  let last: Tensor | undefined
  return {
    async run() {
      last?.dispose()
      last = await step()
    },
    async results() {
      const losses = [last as Tensor, await step(), await step()]
      const numbers = await Promise.all(losses.map(loss => loss.data()))
      for (const loss of losses) loss.dispose()
      last = undefined
      return numbers
    },
  }
}
