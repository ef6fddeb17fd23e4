import { foldIn, Module, type RandomKey, splitKey, type Tensor, tensor } from '@surprisal/tensor'
import { Adam, Embedding, fit, LayerNorm, Linear } from '../../src/index.ts'

/** Attention over heads [B, H, T, D]. */
export type Attend = (q: Tensor, k: Tensor, v: Tensor, key: RandomKey) => Tensor

class Block extends Module {
  norm1: LayerNorm
  inProj: Linear
  outProj: Linear
  norm2: LayerNorm
  up: Linear
  down: Linear

  constructor(width: number, key: RandomKey) {
    super()
    const [a, b, c, d] = splitKey(key, 4)
    this.norm1 = new LayerNorm(width)
    this.inProj = new Linear(width, 3 * width, { key: a })
    this.outProj = new Linear(width, width, { key: b })
    this.norm2 = new LayerNorm(width)
    this.up = new Linear(width, 4 * width, { key: c })
    this.down = new Linear(4 * width, width, { key: d })
  }

  forward(x: Tensor, heads: number, attend: Attend, key: RandomKey): Tensor {
    const [batch, length, width] = x.shape
    const [q, k, v] = this.inProj
      .forward(this.norm1.forward(x))
      .reshape([batch, length, 3, heads, width / heads])
      .permute([2, 0, 3, 1, 4])
      .unbind()
    const mixed = attend(q, k, v, key).transpose(1, 2).reshape([batch, length, width])
    const y = x.add(this.outProj.forward(mixed))
    return y.add(this.down.forward(this.up.forward(this.norm2.forward(y)).gelu()))
  }
}

/** A pre-norm decoder over characters without positions of its own. */
export class CharacterModel extends Module {
  embed: Embedding
  blocks: Block[]
  norm: LayerNorm
  head: Linear

  constructor(vocabularySize: number, width: number, layers: number, key: number) {
    super()
    const [embed, head, ...blocks] = splitKey(key, 2 + layers)
    this.embed = new Embedding(vocabularySize, width, { key: embed, std: 0.1 })
    this.blocks = blocks.map(block => new Block(width, block))
    this.norm = new LayerNorm(width)
    this.head = new Linear(width, vocabularySize, { key: head })
  }

  forward(ids: Tensor, attend: Attend, key: RandomKey = [0, 0]): Tensor {
    const first = this.embed.forward(ids)
    const x = this.blocks.reduce((y, block, layer) => block.forward(y, 4, attend, foldIn(key, layer)), first)
    return this.head.forward(this.norm.forward(x))
  }
}

/** Surprise of every next character in nats, [B, T]. */
export function surprises(logits: Tensor, targets: Tensor): Tensor {
  return logits.logSoftmax({ dim: -1 }).gather(2, targets.unsqueeze(2)).squeeze({ dim: 2 }).neg()
}

/** Windows of a text, and the same one character on. */
export function windows(text: Int32Array, starts: readonly number[], length: number): { ids: Tensor; next: Tensor } {
  const rows = (by: number): Tensor =>
    tensor(Int32Array.from(starts.flatMap(start => [...text.subarray(start + by, start + by + length)]))).reshape([
      starts.length,
      length,
    ])
  return { ids: rows(0), next: rows(1) }
}

/** Settings of a training on windows at random places. */
export interface CharacterTraining {
  attend: Attend
  length: number
  batch: number
  steps: number
  lr: number
  seed: number
}

/** A generator of whole numbers that is good enough to choose windows. */
function chooser(seed: number): (below: number) => number {
  let state = (seed * 2654435761 + 12345) >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Random places for the windows of every step. */
export function randomStarts(below: number, batch: number, steps: number, seed: number): number[][] {
  const choose = chooser(seed)
  return Array.from({ length: steps }, () => Array.from({ length: batch }, () => choose(below)))
}

/** Trains with Adam; the loss of the last step. */
export async function trainOn(model: CharacterModel, text: Int32Array, options: CharacterTraining): Promise<number> {
  const { attend, length, batch, steps, lr, seed } = options
  const starts = randomStarts(text.length - length - 1, batch, steps, seed)
  const { loss } = await fit(model, {
    loss: (net, { ids, next }: ReturnType<typeof windows>, { key }) =>
      surprises(net.forward(ids, attend, key), next).mean(),
    data: step => windows(text, starts[step], length),
    optimizer: new Adam(model.parameters(), { lr }),
    steps,
    clipNorm: 1,
    seed,
  })
  return loss as number
}

/** Mean surprise in nats by place, [length], over evenly spaced windows. */
export async function surpriseByPlace(
  forward: (ids: Tensor) => Tensor,
  text: Int32Array,
  length: number,
  count: number,
): Promise<Float32Array> {
  const last = text.length - length - 1
  const starts = Array.from({ length: count }, (_, i) => Math.floor((i * last) / Math.max(1, count - 1)))
  const { ids, next } = windows(text, starts, length)
  return Float32Array.from(await surprises(forward(ids), next).mean({ dim: 0 }).data())
}

export const mean = (list: ArrayLike<number>): number => Array.from(list).reduce((a, b) => a + b, 0) / list.length
