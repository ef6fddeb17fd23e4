import { listwiseKlLoss } from '@surprisal/distillation'
import { Adam, learningRateAt } from '@surprisal/nn'
import { randomKey, type Tensor, tensor } from '@surprisal/tensor'
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { RandomStream } from '../data/random.ts'
import { encodeTexts } from '../model/encode-texts.ts'
import { TextEncoder } from '../model/text-encoder.ts'
import { toTokenBatch } from '../model/token-batch.ts'
import { documentTokens, drawPair, type TokenizedCorpus } from './pairs.ts'
import { rowGradients } from './train-encoder.ts'

/** Settings of {@link distillEncoder}. */
export interface DistillationOptions {
  dim: number
  steps: number
  batchSize: number
  lr: number
  temperature: number
  seed: number
  onStep: (step: number, loss: number) => void | Promise<void>
  signal?: AbortSignal
}

const sampleSize = 8192

/** Directions in which vectors vary most, as columns of [dim, count]. */
function principalDirections(vectors: Float32Array, dim: number, count: number): Float32Array {
  const rows = tensor(vectors, { shape: [vectors.length / dim, dim] })
  const covariance = rows.transpose(0, 1).matmul(rows).dataSync()
  const square = Array.from({ length: dim }, (_, i) => Array.from(covariance.subarray(i * dim, (i + 1) * dim)))
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(square), {
    assumeSymmetric: true,
  })
  const order = [...realEigenvalues.keys()].sort((a, b) => realEigenvalues[b] - realEigenvalues[a]).slice(0, count)
  return Float32Array.from({ length: dim * count }, (_, at) =>
    eigenvectorMatrix.get(Math.floor(at / count), order[at % count]),
  )
}

/**
 * A student with fewer dimensions: the teacher's table seen from its principal directions, then trained so that
 * each query ranks the documents of its batch as the teacher does (KL of the two score distributions).
 * @see Reddi et al., "RankDistil: Knowledge Distillation for Ranking", 2021
 */
export async function distillEncoder(
  teacher: TextEncoder,
  corpus: TokenizedCorpus,
  training: readonly number[],
  options: DistillationOptions,
): Promise<TextEncoder> {
  const { dim, steps, batchSize, lr, temperature, seed, onStep, signal } = options
  const random = new RandomStream(seed, 2)
  const sample = random.distinct(sampleSize, training.length).map(at => documentTokens(corpus, training[at]))
  const directions = principalDirections(await encodeTexts(teacher, sample), teacher.dim, dim)
  const [vocabSize] = teacher.embeddings.shape
  const student = new TextEncoder({ vocabSize, dim, hidden: 0, key: randomKey(seed) })
  student.embeddings.assign(teacher.embeddings.value.matmul(tensor(directions, { shape: [teacher.dim, dim] })))
  student.importance.assign(teacher.importance.value)

  const allowed = new Set(training)
  const optimizer = new Adam([student.embeddings, student.importance], { lr })
  for (let step = 0; step < steps && !signal?.aborted; step++) {
    const pairs = random
      .distinct(batchSize, training.length)
      .map(at => drawPair(corpus, training[at], i => allowed.has(i), random))
    const batch = toTokenBatch([...pairs.map(pair => pair.query), ...pairs.map(pair => pair.document)])
    const touched = student.touched(batch)
    const loss = listwiseKlLoss(scoresOf(student.forward(batch, touched)), scoresOf(teacher.forward(batch)), {
      temperature,
      teacherTemperature: temperature,
    })
    optimizer.step(rowGradients(loss, touched, student), {
      lr: learningRateAt(step, { schedule: 'linear', lr, totalSteps: steps }),
    })
    await optimizer.settle(loss)
    await onStep(step, (await loss.item()) as number)
  }
  return student
}

/** Scores of the queries, the first half of a batch, with all documents, the second half. */
function scoresOf(vectors: Tensor): Tensor {
  const [queries, documents] = vectors.chunk(2)
  return queries.matmul(documents.transpose(0, 1))
}
