/** The ways to search that the page can show, as the evaluation names them. */
export type SystemName = 'bm25' | 'dense' | 'student' | 'int8' | 'binary' | 'hybrid'

/** One ranked document. */
export interface SearchHit {
  /** Stable name of the document, for instance `n02121620`. */
  id: string
  /** Headword(s) or heading; plain text. */
  title: string
  /** Gloss or passage; plain text. */
  text: string
  /** Score of the system that ranked it; larger is better, comparable within one list only. */
  score: number
  /** The words of the query that occur in the document, as the query has them. */
  matched: string[]
  /** `path:line` of a passage that came from a folder. */
  location?: string
}

/** The measurements of one system over one set of queries. */
export interface EvaluationRow {
  system: SystemName
  /** By name in the order of display, for instance `{ 'recall@100': 0.57 }`; 0 to 1, larger is better. */
  metrics: Record<string, number>
  bytesPerDocument: number
  /** Of queries that come in batches. */
  queriesPerSecond: number
}

/** The comparison of all systems over one set of queries. */
export interface EvaluationSet {
  /** What the queries are, for instance `held-out definitions`. */
  queries: string
  rows: readonly EvaluationRow[]
}

/** One table for each set of queries. */
export type EvaluationTable = readonly EvaluationSet[]

/** The course of a training run; all lists have the same length. */
export interface TrainingCurve {
  steps: number[]
  loss: number[]
  learningRate?: number[]
}

/** What is searched. */
export interface Corpus {
  name: string
  documents: number
  /** Queries that the page offers before one types. Default none. */
  examples?: readonly string[]
}

/** The ranked answer of one system. */
export interface SearchAnswer {
  hits: SearchHit[]
  milliseconds: number
}

/** What the server needs of a search engine; any object of this shape can be served. */
export interface SearchService {
  readonly corpus: Corpus
  readonly systems: readonly SystemName[]
  search(query: string, options: { system: SystemName; k: number }): SearchAnswer
  /** `null` while nothing has been evaluated. */
  readonly evaluation: EvaluationTable | null
  /** `null` when the training run left no record. */
  readonly curve: TrainingCurve | null
}

/** Body of `GET /api/search`: one result for each system asked for, in that order. */
export interface SearchResponse {
  query: string
  results: (SearchAnswer & { system: SystemName })[]
}

/** Body of `GET /api/info`. */
export interface InfoResponse {
  corpus: Corpus
  systems: readonly SystemName[]
  evaluation: EvaluationTable | null
  curve: TrainingCurve | null
}

/** Body of every refusal. */
export interface ErrorResponse {
  error: string
}
