import {
  analyzeSpans,
  type BinaryIndex,
  type BM25Index,
  convexFusion,
  type FlatIndex,
  type Hit,
  type Int8Index,
} from '@surprisal/retrieval'
import type { Corpus, Document } from '../data/corpus.ts'
import { encodeTextsSync } from '../model/encode-texts.ts'
import type { TextEncoder } from '../model/text-encoder.ts'
import type { TextTokenizer } from '../model/text-tokenizer.ts'
import type {
  EvaluationTable,
  SearchAnswer,
  SearchHit,
  SearchService,
  SystemName,
  TrainingCurve,
} from '../server/types.ts'
import { wordAnalysis } from './analysis.ts'

export const systemNames: readonly SystemName[] = ['bm25', 'dense', 'student', 'int8', 'binary', 'hybrid']

/** Candidates that each side gives to the fusion. */
const fusionDepth = 200
/** Share of BM25 in the fused score. */
const lexicalShare = 0.4

/** Everything that searching needs; the ids of the indexes are positions in the corpus. */
export interface EngineParts {
  corpus: Corpus
  tokenizer: TextTokenizer
  /** float32 encoder of the dense index. */
  encoder: TextEncoder
  student: TextEncoder
  /** The encoder with its table rounded to 8 bits, for the 8-bit and binary indexes. */
  compactEncoder: TextEncoder
  bm25: BM25Index
  dense: FlatIndex
  studentIndex: FlatIndex
  int8: Int8Index
  binary: BinaryIndex
  evaluation: EvaluationTable | null
  curve: TrainingCurve | null
}

/** A ranking of document ids. */
export type Ranking = readonly { readonly id: string; readonly score: number }[]

/** A document by its position. */
type Found = Pick<Hit, 'id' | 'score'>

interface TokenizedQuery {
  readonly query: string
  readonly tokens: Int32Array
}

/** All systems over one corpus. */
export class SearchEngine implements SearchService {
  readonly systems = systemNames
  readonly corpus: SearchService['corpus']
  evaluation: EvaluationTable | null
  readonly curve: TrainingCurve | null
  readonly #parts: EngineParts
  readonly #documents: readonly Document[]
  readonly #positions: ReadonlyMap<string, number>

  constructor(parts: EngineParts) {
    this.#parts = parts
    const { corpus } = parts
    this.corpus = { name: corpus.name, documents: corpus.documents.length, examples: corpus.sampleQueries }
    this.evaluation = parts.evaluation
    this.curve = parts.curve
    this.#documents = corpus.documents
    this.#positions = new Map(corpus.documents.map(({ id }, i) => [id, i]))
  }

  /** Whether there is a document of that id. */
  has(id: string): boolean {
    return this.#positions.has(id)
  }

  /** Ids and scores of the best `k` documents. */
  rank(query: string, options: { system: SystemName; k: number }): Ranking {
    return this.rankAll([query], options)[0]
  }

  /** The same for several queries, in one pass over the vectors: many times faster than one by one. */
  rankAll(queries: readonly string[], { system, k }: { system: SystemName; k: number }): Ranking[] {
    const asked = queries.flatMap((query, i) => {
      const tokens = this.#parts.tokenizer.encode(query)
      return query.trim() === '' || tokens.length === 0 ? [] : [{ i, query, tokens }]
    })
    const rankings: Ranking[] = queries.map(() => [])
    if (asked.length === 0) return rankings
    for (const [n, hits] of this.#hits(asked, system, k).entries()) rankings[asked[n].i] = this.#named(hits)
    return rankings
  }

  #hits(queries: readonly TokenizedQuery[], system: SystemName, k: number): readonly (readonly Found[])[] {
    const { encoder, student, compactEncoder, bm25, dense, studentIndex, int8, binary } = this.#parts
    const lexical = (depth: number) => queries.map(({ query }) => bm25.search(query, { k: depth }))
    const texts = queries.map(({ tokens }) => tokens)
    const vectors = (model: TextEncoder) => encodeTextsSync(model, texts)
    switch (system) {
      case 'bm25':
        return lexical(k)
      case 'dense':
        return dense.searchBatch(vectors(encoder), { k })
      case 'student':
        return studentIndex.searchBatch(vectors(student), { k })
      case 'int8':
        return int8.searchBatch(vectors(compactEncoder), { k })
      case 'binary':
        return binary.searchBatch(vectors(compactEncoder), { k })
      case 'hybrid': {
        const depth = Math.max(k, fusionDepth)
        const semantic = dense.searchBatch(vectors(encoder), { k: depth })
        return lexical(depth).map((hits, i) => fuse(hits, semantic[i]).slice(0, k))
      }
    }
  }

  search(query: string, options: { system: SystemName; k: number }): SearchAnswer {
    const started = performance.now()
    const ranking = this.rank(query, options)
    const milliseconds = performance.now() - started
    const words = analyzeSpans(query, wordAnalysis).map(({ term, start, end }) => ({
      term,
      word: query.slice(start, end),
    }))
    return { hits: ranking.map(({ id, score }) => this.#hit(id, score, query, words)), milliseconds }
  }

  /** Bytes that the index of a system takes per document. */
  bytesPerDocument(system: SystemName): number {
    const { bm25, dense, studentIndex, int8, binary, corpus } = this.#parts
    const bytes: Record<SystemName, number> = {
      bm25: bm25.stats().bytes,
      dense: dense.stats().bytes,
      student: studentIndex.stats().bytes,
      int8: int8.stats().bytes,
      binary: binary.stats().bytes,
      hybrid: bm25.stats().bytes + dense.stats().bytes,
    }
    return bytes[system] / Math.max(1, corpus.documents.length)
  }

  /** The indexes know documents by position. */
  #named(hits: readonly Found[]): Ranking {
    return hits.map(({ id, score }) => ({ id: this.#documents[id as number].id, score }))
  }

  #hit(id: string, score: number, query: string, words: readonly { term: string; word: string }[]): SearchHit {
    const position = this.#positions.get(id) as number
    const { title, text, location } = this.#documents[position]
    const terms = new Set(this.#parts.bm25.matchedTerms(query, position))
    const matched = [...new Set(words.filter(({ term }) => terms.has(term)).map(({ word }) => word))]
    return { id, title, text, score, matched, ...(location === undefined ? {} : { location }) }
  }
}

/** Documents of both rankings by their fused scores. */
function fuse(lexical: readonly Hit[], semantic: readonly Hit[]): Found[] {
  const fused = convexFusion(scores(lexical), scores(semantic), { alpha: lexicalShare })
  return fused.map(([id, score]) => ({ id: Number(id), score }))
}

const scores = (hits: readonly Hit[]): Record<string, number> =>
  Object.fromEntries(hits.map(hit => [hit.id, hit.score]))
