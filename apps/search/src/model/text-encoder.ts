import { embeddingBag, Linear } from '@surprisal/nn'
import {
  exp,
  indexSelect,
  Module,
  normal,
  Parameter,
  type RandomKey,
  SurprisalError,
  splitKey,
  sqrt,
  type Tensor,
  tensor,
  zeros,
} from '@surprisal/tensor'
import type { TokenBatch } from './token-batch.ts'

/** The rows of the encoder's tables that a batch reads: the tensors to differentiate for. */
export interface TouchedRows {
  /** int32 [tokens] */
  readonly rows: Tensor
  /** [tokens, dim] */
  readonly embeddings: Tensor
  /** [tokens, 1] */
  readonly importance: Tensor
}

/** Sizes of a {@link TextEncoder}. */
export interface TextEncoderOptions {
  vocabSize: number
  dim: number
  /** Width of the residual perceptron behind the pooling; 0 for none. */
  hidden: number
  /** Importance of every token at first, as a logarithm, [vocabSize]. @default all 0 */
  importance?: Float32Array
  key: RandomKey
}

/**
 * Text to unit vector: a sum of token embeddings, each weighted by its learned importance, then a small residual
 * perceptron. Word order does not count, which is why it encodes a dictionary in seconds.
 */
export class TextEncoder extends Module {
  embeddings: Parameter
  importance: Parameter
  expand: Linear | null
  project: Linear | null
  readonly dim: number

  constructor({ vocabSize, dim, hidden, importance, key }: TextEncoderOptions) {
    super()
    if (vocabSize < 1 || dim < 1)
      throw new SurprisalError(
        'argument',
        `TextEncoder: vocabSize and dim must be positive, got ${vocabSize} and ${dim}`,
      )
    const [tableKey, expandKey, projectKey] = splitKey(key, 3)
    this.dim = dim
    this.embeddings = new Parameter(normal(tableKey, [vocabSize, dim], { std: 1 / Math.sqrt(dim) }))
    this.importance = new Parameter(importance ? tensor(importance, { shape: [vocabSize, 1] }) : zeros([vocabSize, 1]))
    this.expand = hidden > 0 ? new Linear(dim, hidden, { key: expandKey }) : null
    this.project = hidden > 0 ? new Linear(hidden, dim, { key: projectKey }) : null
  }

  /** Parameters that every batch reads in full. */
  denseParameters(): Parameter[] {
    return [this.expand, this.project].flatMap(layer => layer?.parameters() ?? [])
  }

  touched(batch: TokenBatch): TouchedRows {
    const rows = tensor(batch.tokens)
    return {
      rows,
      embeddings: indexSelect(this.embeddings, 0, rows),
      importance: indexSelect(this.importance, 0, rows),
    }
  }

  /** @returns unit vectors, float32 [size, dim]; the zero vector for an empty text */
  override forward(batch: TokenBatch, touched: TouchedRows = this.touched(batch)): Tensor {
    const positions = tensor(batch.positions)
    const weights = exp(touched.importance.flatten().indexSelect(0, positions))
    const sums = embeddingBag(touched.embeddings, positions, tensor(batch.texts), weights, { bags: batch.size })
    const pooled = normalizeRows(sums)
    if (!this.expand || !this.project) return pooled
    return normalizeRows(pooled.add(this.project.forward(this.expand.forward(pooled).gelu())))
  }
}

/** Rows of length 1; a zero row stays zero. */
function normalizeRows(x: Tensor): Tensor {
  return x.div(sqrt(x.square().sum({ dim: 1, keepdim: true }).add(1e-12)))
}
