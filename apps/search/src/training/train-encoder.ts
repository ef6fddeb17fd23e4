import { multipleNegativesRankingLoss } from '@surprisal/metric-learning'
import { Adam, learningRateAt } from '@surprisal/nn'
import { gradients, randomKey, type Tensor } from '@surprisal/tensor'
import { RandomStream } from '../data/random.ts'
import { TextEncoder, type TouchedRows } from '../model/text-encoder.ts'
import { toTokenBatch } from '../model/token-batch.ts'
import { drawPair, type TokenizedCorpus } from './pairs.ts'

/** Settings of {@link trainEncoder}. */
export interface TrainingOptions {
  vocabSize: number
  dim: number
  hidden: number
  steps: number
  batchSize: number
  lr: number
  temperature: number
  seed: number
  /** Called after every step; the loop goes on when what it returns has settled. */
  onStep: (step: number, loss: number, lr: number) => void | Promise<void>
  /** Ends the training after the step that runs. */
  signal?: AbortSignal
}

/**
 * Trains an encoder for queries and documents with in-batch negatives: each query must find its own document among
 * those of the batch.
 * @param training positions of the documents that may be used
 */
export async function trainEncoder(
  corpus: TokenizedCorpus,
  training: readonly number[],
  options: TrainingOptions,
): Promise<TextEncoder> {
  const { steps, batchSize, lr, temperature, seed, onStep, signal } = options
  const encoder = new TextEncoder({ ...options, key: randomKey(seed) })
  const optimizer = new Adam([encoder.embeddings, encoder.importance, ...encoder.denseParameters()], { lr })
  const random = new RandomStream(seed, 1)
  const allowed = new Set(training)
  for (let step = 0; step < steps && !signal?.aborted; step++) {
    const pairs = random
      .distinct(batchSize, training.length)
      .map(at => drawPair(corpus, training[at], i => allowed.has(i), random))
    const batch = toTokenBatch([...pairs.map(pair => pair.query), ...pairs.map(pair => pair.document)])
    const touched = encoder.touched(batch)
    const vectors = encoder.forward(batch, touched)
    const [queries, documents] = vectors.split(pairs.length)
    const loss = multipleNegativesRankingLoss(queries, documents, { scale: 1 / temperature, symmetric: true })
    const rate = learningRateAt(step, {
      schedule: 'linear',
      lr,
      warmupSteps: Math.min(10, steps >> 3),
      totalSteps: steps,
    })
    optimizer.step(rowGradients(loss, touched, encoder), { lr: rate })
    await optimizer.settle(loss)
    await onStep(step, (await loss.item()) as number, rate)
  }
  return encoder
}

/** Gradients in the order of the optimiser's parameters: two tables by touched rows, then the dense layers. */
export function rowGradients(loss: Tensor, touched: TouchedRows, encoder: TextEncoder) {
  const dense = encoder.denseParameters()
  const [embeddings, importance, ...rest] = gradients(loss, [touched.embeddings, touched.importance, ...dense])
  const { rows } = touched
  return [{ rows, values: embeddings }, { rows, values: importance }, ...rest]
}
