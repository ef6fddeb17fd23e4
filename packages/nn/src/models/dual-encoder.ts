import {
  clamp,
  isTensor,
  Module,
  matmul,
  Parameter,
  SurprisalError,
  type Tensor,
  type TensorLike,
  tensor,
} from '@surprisal/tensor'
import { requireTensor, tensorOf } from '../_shared/positional.ts'

/** A module that gives one vector for each example: [B, D], or a record that has it as `pooled`, such as `Bert`'s. */
export interface Tower extends Module {
  forward(...args: never[]): Tensor | { readonly pooled: Tensor }
}

/** Options of {@link DualEncoder}. */
export interface DualEncoderOptions {
  /** Whether vectors are scaled to length 1, so that their similarity is the cosine. @default true */
  normalize?: boolean
  /** Logarithm of the factor of the logits at first. @default log(1 / 0.07) */
  logitScale?: number
}

/**
 * Two towers whose vectors are compared, or one tower for both sides: texts with texts, or texts with images. The logits
 * are similarities times exp(logitScale), which is learned; a softmax over each row is what contrastive losses take.
 * @see Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", 2021; Reimers and
 * Gurevych, "Sentence-BERT", 2019
 */
export class DualEncoder<Query extends Tower, Document extends Tower = Query> extends Module {
  queryTower: Query
  /** The query tower itself where the towers are shared. */
  documentTower: Document
  /** Rank 0. */
  logitScale: Parameter
  readonly #normalize: boolean

  /**
   * @param queryTower of the first side
   * @param documentTower of the second side; pass the same one to share it
   * @throws {SurprisalError} `argument` unless both are modules and logitScale is finite
   */
  constructor(queryTower: Query, documentTower: Document, options: DualEncoderOptions = {}) {
    super()
    const { normalize = true, logitScale = Math.log(1 / 0.07) } = options
    for (const [name, tower] of Object.entries({ queryTower, documentTower }))
      if (!(tower instanceof Module))
        throw new SurprisalError('argument', `DualEncoder: ${name} must be a module, got ${String(tower)}`)
    if (!Number.isFinite(logitScale))
      throw new SurprisalError('argument', `DualEncoder: logitScale must be finite, got ${logitScale}`)
    this.queryTower = queryTower
    this.documentTower = documentTower
    this.logitScale = new Parameter(tensor(logitScale))
    this.#normalize = normalize
  }

  /**
   * Vectors [B, D] of the first side.
   * @param args those of the tower
   */
  encodeQueries(...args: Parameters<Query['forward']>): Tensor {
    return this.#vectors('encodeQueries', this.queryTower.forward(...(args as never[])))
  }

  /**
   * Vectors [B, D] of the second side.
   * @param args those of the tower
   */
  encodeDocuments(...args: Parameters<Document['forward']>): Tensor {
    return this.#vectors('encodeDocuments', this.documentTower.forward(...(args as never[])))
  }

  /**
   * Products of all vectors of both sides, their cosines where vectors are normalised.
   * @param queries [Q, D], as {@link encodeQueries} gives them
   * @param documents [N, D]
   * @returns [Q, N]
   * @throws {SurprisalError} `shape` unless both are matrices of one width
   */
  similarity(queries: TensorLike, documents: TensorLike): Tensor {
    const op = 'DualEncoder.similarity'
    requireTensor(op, 'queries', queries)
    requireTensor(op, 'documents', documents)
    if (queries.shape.length !== 2 || documents.shape.length !== 2 || queries.shape[1] !== documents.shape[1])
      throw new SurprisalError(
        'shape',
        `${op}: queries and documents must be [count, size] of one size, got [${queries.shape.join(', ')}] and [${documents.shape.join(', ')}]`,
      )
    return matmul(queries, tensorOf(documents).transpose(0, 1))
  }

  /**
   * @param queries arguments of the query tower
   * @param documents arguments of the document tower
   * @returns logits [Q, N]
   */
  override forward(queries: Parameters<Query['forward']>, documents: Parameters<Document['forward']>): Tensor {
    const similarity = this.similarity(this.encodeQueries(...queries), this.encodeDocuments(...documents))
    return similarity.mul(this.logitScale.value.exp())
  }

  #vectors(op: string, output: Tensor | { readonly pooled: Tensor }): Tensor {
    const vectors = isTensor(output) ? output : output.pooled
    if (vectors.shape.length !== 2)
      throw new SurprisalError(
        'shape',
        `DualEncoder.${op}: the tower must give [batch, size], got [${vectors.shape.join(', ')}]`,
      )
    if (!this.#normalize) return vectors
    const squares = vectors.square().sum({ dim: 1, keepdim: true })
    return vectors.mul(clamp(squares, { min: 1e-24 }).rsqrt())
  }
}
