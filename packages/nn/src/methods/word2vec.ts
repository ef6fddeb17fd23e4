import {
  Module,
  Parameter,
  type RandomKey,
  SurprisalError,
  type Tensor,
  tensor,
  uniform,
  zeros,
} from '@surprisal/tensor'
import { requireOneOf, requirePositive, requireWhole } from '../_shared/require.ts'
import { embedding } from '../layers/embedding.ts'
import { HostRandom } from './host-random.ts'
import { negativeSamplingDistribution, type SubsampleOptions, subsampleKeepProbability } from './skip-gram.ts'

/** Options of {@link Word2Vec}. */
export interface Word2VecOptions {
  /** Words of the vocabulary; ids are 0 ... vocabularySize-1. */
  vocabularySize: number
  /** Size of the vectors. @default 32 */
  dim?: number
  /** Key of the initial vectors, or its seed. */
  key: RandomKey | number
}

/** Options of {@link Word2Vec.fit}. */
export interface Word2VecFitOptions extends SubsampleOptions {
  /** Largest distance of a neighbour; each place draws its own from 1 up to it. @default 5 */
  window?: number
  /** Random words against each neighbour. @default 5 */
  negatives?: number
  /** Power of the counts by which they are drawn. @default 0.75 */
  power?: number
  /** Learning rate at the start; it falls in a straight line to 1e-4 of it. @default 0.025 */
  lr?: number
  /** @default 1 */
  epochs?: number
  /** Words that occur less often are left out of the text. @default 1 */
  minCount?: number
  /** The middle predicts each neighbour, or the mean of the neighbours the middle. @default 'skipGram' */
  variant?: 'skipGram' | 'cbow'
  /** @default 0 */
  seed?: number
  /** Stops after the sentence that runs. */
  signal?: AbortSignal
}

/** Words near to another. */
export interface Neighbours {
  ids: number[]
  /** Cosines. */
  similarities: number[]
}

const where = 'Word2Vec'

/**
 * Word vectors of a text, by skip-gram or continuous bag of words with negative sampling. Single pairs are followed one
 * after the other as word2vec.c does: each step builds on the one before and touches a few rows, which plain loops do
 * faster than tensors. The steps are those of {@link skipGramNegativeSamplingLoss}.
 * @see Mikolov et al., "Efficient Estimation of Word Representations in Vector Space", 2013
 */
export class Word2Vec extends Module {
  /** [vocabularySize, dim], the vectors; uniform in +-0.5/dim at first. */
  input: Parameter
  /** [vocabularySize, dim], of words as neighbours; 0 at first. */
  output: Parameter

  /** @throws {SurprisalError} `argument` for a vocabulary below 2 or a dim below 1 */
  constructor({ vocabularySize, dim = 32, key }: Word2VecOptions) {
    super()
    requireWhole(where, 'vocabularySize', vocabularySize, 2)
    requireWhole(where, 'dim', dim, 1)
    this.input = new Parameter(uniform(key, [vocabularySize, dim], { min: -0.5 / dim, max: 0.5 / dim }))
    this.output = new Parameter(zeros([vocabularySize, dim]))
  }

  /** The vectors of words. */
  override forward(ids: Tensor): Tensor {
    return embedding(ids, this.input)
  }

  /**
   * Learns from a text.
   * @param corpus sentences as ids
   * @returns mean loss of a pair in the last epoch
   * @throws {SurprisalError} `argument` for wrong options or when fewer than two words are left, `index` for an id
   * outside of the vocabulary
   */
  async fit(corpus: readonly Int32Array[], options: Word2VecFitOptions = {}): Promise<number> {
    const { window = 5, negatives = 5, power, lr = 0.025, epochs = 1, minCount = 1 } = options
    const { variant = 'skipGram', seed = 0, signal, threshold, formula } = options
    for (const [name, value] of Object.entries({ window, negatives, epochs })) requireWhole(where, name, value, 1)
    requireWhole(where, 'minCount', minCount)
    requirePositive(where, 'lr', lr)
    requireOneOf(where, 'variant', variant, ['skipGram', 'cbow'])
    const counts = countsOf(corpus, this.input.shape[0], minCount)
    const float = tensor(Float32Array.from(counts))
    const [draws, keep, input, output] = await Promise.all([
      negativeSamplingDistribution(float, { power }).data(),
      subsampleKeepProbability(float, { threshold, formula }).data(),
      this.input.value.data(),
      this.output.value.data(),
    ])
    const tables = new Tables(Float32Array.from(input), Float32Array.from(output), this.input.shape[1])
    const random = new HostRandom(seed)
    const cumulative = cumulate(draws)
    const total = epochs * counts.reduce((sum, count) => sum + count, 0)
    let seen = 0
    let mean = 0
    for (let epoch = 0; epoch < epochs; epoch++) {
      let [loss, pairs] = [0, 0]
      for (const sentence of corpus) {
        if (signal?.aborted) break
        const known = sentence.filter(id => counts[id] > 0)
        const words = known.filter(id => random.uniform() < keep[id])
        const rate = lr * Math.max(1e-4, 1 - seen / total)
        seen += known.length
        for (let i = 0; i < words.length; i++) {
          const reach = 1 + random.below(window)
          const around: number[] = []
          for (let j = Math.max(0, i - reach); j <= Math.min(words.length - 1, i + reach); j++)
            if (j !== i) around.push(words[j])
          if (around.length === 0) continue
          const steps =
            variant === 'cbow' ? [{ from: around, to: words[i] }] : around.map(to => ({ from: [words[i]], to }))
          for (const { from, to } of steps) {
            loss += tables.step(from, to, negativesOf(random, cumulative, negatives, to), rate)
            pairs += 1
          }
        }
      }
      mean = pairs > 0 ? loss / pairs : 0
    }
    this.input.assign(tensor(tables.input, { shape: [...this.input.shape] }))
    this.output.assign(tensor(tables.output, { shape: [...this.output.shape] }))
    return mean
  }

  /**
   * The words whose vectors have the largest cosines with that of a word, itself left out.
   * @throws {SurprisalError} `index` for an id outside of the vocabulary, `argument` for a k that is no whole number from 1
   */
  async nearest(id: number, k: number): Promise<Neighbours> {
    const [size] = this.input.shape
    requireWhole(where, 'k', k, 1)
    if (!Number.isInteger(id) || id < 0 || id >= size)
      throw new SurprisalError('index', `${where}: id must be from 0 to ${size - 1}, got ${id}`)
    const vectors = this.input.value
    const unit = vectors.div(vectors.norm({ dim: 1, keepdim: true }).add(1e-12))
    const cosines = await unit.matmul(unit.select(0, id)).data()
    const ids = Array.from({ length: size }, (_, i) => i).filter(i => i !== id)
    ids.sort((a, b) => cosines[b] - cosines[a] || a - b)
    const near = ids.slice(0, k)
    return { ids: near, similarities: near.map(i => cosines[i]) }
  }
}

/** Both tables of vectors, and the step on a pair. */
class Tables {
  readonly input: Float32Array
  readonly output: Float32Array
  readonly #dim: number
  readonly #mean: Float32Array
  readonly #change: Float32Array

  constructor(input: Float32Array, output: Float32Array, dim: number) {
    this.input = input
    this.output = output
    this.#dim = dim
    this.#mean = new Float32Array(dim)
    this.#change = new Float32Array(dim)
  }

  /** Moves the words `from`, whose mean predicts `to` against the negatives; the loss before. */
  step(from: readonly number[], to: number, negatives: readonly number[], rate: number): number {
    const { input, output } = this
    const [dim, mean, change] = [this.#dim, this.#mean, this.#change]
    mean.fill(0)
    change.fill(0)
    for (const id of from) for (let d = 0; d < dim; d++) mean[d] += input[id * dim + d] / from.length
    let loss = 0
    for (let n = -1; n < negatives.length; n++) {
      const row = (n < 0 ? to : negatives[n]) * dim
      let score = 0
      for (let d = 0; d < dim; d++) score += mean[d] * output[row + d]
      const signed = n < 0 ? -score : score
      loss += Math.max(0, signed) + Math.log1p(Math.exp(-Math.abs(signed)))
      const slope = rate * ((n < 0 ? 1 : 0) - 1 / (1 + Math.exp(-score)))
      for (let d = 0; d < dim; d++) {
        change[d] += slope * output[row + d]
        output[row + d] += slope * mean[d]
      }
    }
    for (const id of from) for (let d = 0; d < dim; d++) input[id * dim + d] += change[d] / from.length
    return loss
  }
}

/** How often each word occurs; 0 for words below the least count. */
function countsOf(corpus: readonly Int32Array[], size: number, minCount: number): Int32Array {
  const counts = new Int32Array(size)
  for (const sentence of corpus)
    for (const id of sentence) {
      if (id < 0 || id >= size)
        throw new SurprisalError('index', `${where}: corpus must hold ids from 0 to ${size - 1}, got ${id}`)
      counts[id] += 1
    }
  const kept = counts.map(count => (count >= minCount ? count : 0))
  const words = kept.filter(count => count > 0).length
  if (words < 2)
    throw new SurprisalError('argument', `${where}: corpus must have two words with minCount ${minCount}, got ${words}`)
  return kept
}

function cumulate(shares: ArrayLike<number>): Float64Array {
  let sum = 0
  return Float64Array.from(shares, share => {
    sum += share
    return sum
  })
}

/** Words by their probabilities, other than the one that is right. */
function negativesOf(random: HostRandom, cumulative: Float64Array, count: number, right: number): number[] {
  const drawn: number[] = []
  while (drawn.length < count) {
    const at = random.uniform() * cumulative[cumulative.length - 1]
    let [low, high] = [0, cumulative.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (cumulative[middle] > at) high = middle
      else low = middle + 1
    }
    if (low !== right) drawn.push(low)
  }
  return drawn
}
