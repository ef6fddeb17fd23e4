import type { Llama } from '@surprisal/nn'
import { logSoftmax, type Tensor, tensor } from '@surprisal/tensor'
import type { TokenStream } from '../text/token-stream.ts'

/** How well texts are predicted. */
export interface Evaluation {
  readonly natsPerToken: number
  readonly natsPerCharacter: number
  readonly bitsPerByte: number
  readonly tokens: number
}

/** Sum of the surprisals of targets [N] under logits [N, V]. */
const surprisal = (logits: Tensor, targets: Tensor): Tensor =>
  logSoftmax(logits, { dim: 1 }).gather(1, targets.unsqueeze(1)).sum().neg()

/**
 * Evaluates a model on texts: windows of the context's length, each token predicted once from those before it within
 * its window.
 * @param most tokens that are looked at, from the beginning
 */
export async function evaluate(
  model: Llama,
  { ids, characters, bytes }: TokenStream,
  { context, most = Number.POSITIVE_INFINITY, batch = 16 }: { context: number; most?: number; batch?: number },
): Promise<Evaluation> {
  const count = Math.min(ids.length - 1, most)
  let nats = 0
  let done = 0
  while (done < count) {
    const rows = Math.max(1, Math.min(batch, Math.floor((count - done) / context)))
    const length = Math.min(context, count - done)
    const take = (from: number): Int32Array<ArrayBuffer> => Int32Array.from(ids.subarray(from, from + rows * length))
    const input = tensor(take(done), { shape: [rows, length] })
    const targets = tensor(take(done + 1))
    const logits = model.forward(input)
    nats += (await surprisal(logits.reshape([rows * length, -1]), targets).item()) as number
    done += rows * length
  }
  const natsPerToken = nats / count
  const perText = natsPerToken * ids.length
  return {
    natsPerToken,
    natsPerCharacter: perText / characters,
    bitsPerByte: perText / Math.LN2 / bytes,
    tokens: count,
  }
}
