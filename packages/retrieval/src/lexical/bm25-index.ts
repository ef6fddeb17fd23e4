/**
 * BM25 over an inverted index, pruned by MaxScore.
 */
import { SurprisalError } from '@surprisal/tensor'
import { requireK, requireList } from '../_shared/check.ts'
import { IdTable } from '../_shared/ids.ts'
import type { ConflictOptions, Hit, Id, SearchOptions } from '../_shared/types.ts'
import { decodeIndexFile } from '../file/index-file.ts'
import { KIND, SectionReader } from '../file/sections.ts'
import { type AnalyzeOptions, type Analyzer, createAnalyzer } from './analyze.ts'
import { decodePostings, encodeBm25 } from './bm25-file.ts'
import { BM25_VARIANTS, type Bm25Options, type Bm25Parameters, bm25Parameters, saturation } from './bm25-variants.ts'
import { CollectionStatistics } from './collection-statistics.ts'
import { maxScore } from './max-score.ts'
import { occursIn, type Postings } from './postings.ts'
import { PostingsBuilder } from './postings-builder.ts'
import { queryTerms } from './query-terms.ts'

/** How a {@link BM25Index} is made. */
export interface Bm25IndexOptions extends Bm25Options {
  /**
   * How documents and queries that come as text become terms: options of {@link analyze}, or a function of your own
   * (which has to be given again to {@link BM25Index.load}).
   * @default {} (Unicode words in lower case)
   */
  analyzer?: AnalyzeOptions | Analyzer
}

/** A result that knows which terms of the query its document has. */
export interface Bm25Hit extends Hit {
  /** Distinct terms of the query that occur in the document, in the order of the query, as the analyzer made them. */
  terms: string[]
}

/** What a {@link BM25Index} holds. */
export interface Bm25Stats {
  /** Number of documents. */
  count: number
  /** Number of different terms. */
  terms: number
  /** Number of pairs of a term and a document that has it. */
  postings: number
  /** Average number of tokens of a document. */
  averageLength: number
  /** Bytes of the postings and of what is kept per term and per document; terms and ids not counted. */
  bytes: number
}

/** A text, or its tokens. */
export type Bm25Text = string | readonly string[]

/**
 * An index of documents for search by words. Scores and their order equal those of {@link bm25Scores} over the living
 * documents in the order of insertion; documents without any term of the query are never returned.
 *
 * Additions and removals are merged by the next search, in time proportional to the index: make many at once.
 *
 * @example
 * const index = new BM25Index({ analyzer: { stemmer: 'porter' } })
 * index.add(['a', 'b'], ['Cats purr.', 'Dogs bark at cats.'])
 * index.search('barking dogs')[0].terms // => ['bark', 'dog']
 */
export class BM25Index {
  readonly parameters: Readonly<Bm25Parameters>
  readonly #ids = new IdTable()
  readonly #analyzer: Analyzer
  readonly #analyzerOptions: AnalyzeOptions | undefined
  #builder = new PostingsBuilder()
  #statistics: CollectionStatistics | undefined

  /** @throws {SurprisalError} `'argument'`: unknown variant, parameter out of range, unknown analyzer option */
  constructor({ analyzer = {}, ...options }: Bm25IndexOptions = {}) {
    this.parameters = bm25Parameters('BM25Index', options)
    this.#analyzerOptions = typeof analyzer === 'function' ? undefined : { ...analyzer }
    this.#analyzer = typeof analyzer === 'function' ? analyzer : createAnalyzer(analyzer)
  }

  /** How many documents the index holds. */
  get size(): number {
    return this.#ids.ids.length
  }

  /**
   * Adds documents; either all of them or, when one is refused, none.
   *
   * @param ids one per document
   * @param documents texts, which go through the analyzer, or lists of tokens, which do not
   * @throws {SurprisalError} duplicate id (see `onConflict`), another number of documents than ids, neither text nor
   *   tokens
   */
  add(ids: readonly Id[], documents: readonly Bm25Text[], options: ConflictOptions = {}): void {
    const caller = 'BM25Index.add'
    requireList(caller, 'ids', ids)
    requireList(caller, 'documents', documents)
    if (documents.length !== ids.length) {
      throw new SurprisalError('shape', `${caller}: got ${ids.length} ids for ${documents.length} documents`)
    }
    const tokens = documents.map((document, i) => this.#tokens(caller, `documents[${i}]`, document))
    this.remove(this.#ids.conflicts(caller, ids, options))
    for (const list of tokens) this.#builder.add(list)
    this.#ids.append(ids)
  }

  /** Removes documents by id and returns how many there were. */
  remove(ids: readonly Id[]): number {
    requireList('BM25Index.remove', 'ids', ids)
    const before = this.size
    const kept = this.#ids.remove(ids)
    if (kept === undefined) return 0
    this.#builder.keep(kept)
    return before - kept.length
  }

  /** Whether the id is in the index. */
  has(id: Id): boolean {
    return this.#ids.row(id) !== undefined
  }

  /**
   * The k best documents that have a term of the query.
   *
   * @param query a text, which goes through the analyzer, or tokens
   * @returns by score descending, ties in the order of insertion; empty for a query without known terms
   * @throws {SurprisalError} `'argument'`: k < 1, or a query that is neither text nor tokens
   */
  search(query: Bm25Text, { k = 10, filter }: SearchOptions = {}): Bm25Hit[] {
    const caller = 'BM25Index.search'
    requireK(caller, k)
    const tokens = this.#tokens(caller, 'query', query)
    const { postings, norms, maxima, meanIdf } = this.#collection()
    const { offsets } = postings
    const terms = queryTerms(tokens, this.parameters, this.size, this.#frequency(postings), meanIdf).map(
      ({ token, weight, bonus }) => {
        const term = this.#builder.term(token)!
        const bound = Math.max(0, weight * maxima[term] + bonus)
        return { start: offsets[term], end: offsets[term + 1], weight, bonus, bound }
      },
    )
    const ids = this.#ids.ids
    const accept = filter && ((row: number) => filter(ids[row]))
    const { rows, scores } = maxScore(postings, norms, saturation(this.parameters), terms, k, accept)
    const known = this.#known(tokens)
    return Array.from(rows, (row, i) => ({ id: ids[row], score: scores[i], terms: matched(postings, known, row) }))
  }

  /** {@link search} for several queries. */
  searchBatch(queries: readonly Bm25Text[], options: SearchOptions = {}): Bm25Hit[][] {
    requireList('BM25Index.searchBatch', 'queries', queries)
    return queries.map(query => this.search(query, options))
  }

  /**
   * Which distinct terms of a query a document has, in the order of the query; for results of another index that are
   * shown with their words. Empty for an id that is not in the index.
   */
  matchedTerms(query: Bm25Text, id: Id): string[] {
    const tokens = this.#tokens('BM25Index.matchedTerms', 'query', query)
    const row = this.#ids.row(id)
    const { postings } = this.#collection()
    return row === undefined ? [] : matched(postings, this.#known(tokens), row)
  }

  /** Counts and memory. */
  stats(): Bm25Stats {
    const { postings, average } = this.#collection()
    const { terms, documents } = postings
    // Per posting a row and a frequency, per term an offset and a maximum, per document a length and a norm.
    const bytes = documents.length * 5 + terms.length * 12 + this.size * 12
    return { count: this.size, terms: terms.length, postings: documents.length, averageLength: average, bytes }
  }

  /** The index as the bytes of an index file. A function given as analyzer is not in it. */
  save(): Uint8Array {
    const parameters = { ...this.parameters, analyzer: this.#analyzerOptions ?? null }
    return encodeBm25(parameters, this.#ids.ids, this.#collection().postings)
  }

  /**
   * Opens a saved index. The postings stay views on `bytes`, which must not be changed afterwards.
   *
   * @param options.analyzer the function that the index was made with, if it was made with one
   * @throws {SurprisalError} `'format'`: not such a file, newer format, truncated or damaged; `'argument'`: an
   *   analyzer function is needed and not given
   */
  static load(bytes: Uint8Array, options: { analyzer?: Analyzer } = {}): BM25Index {
    const caller = 'BM25Index.load'
    const file = decodeIndexFile(bytes, KIND.bm25, caller)
    const reader = new SectionReader(file, caller)
    const { postings, ids } = decodePostings(reader)
    const analyzer = options.analyzer ?? (file.metadata.analyzer as AnalyzeOptions | null)
    if (analyzer === null) {
      throw new SurprisalError(
        'argument',
        `${caller}: the index was made with an analyzer function, pass it as analyzer`,
      )
    }
    const index = new BM25Index({
      variant: reader.oneOf('variant', BM25_VARIANTS),
      k1: reader.number('k1'),
      b: reader.number('b'),
      delta: reader.number('delta'),
      epsilon: reader.number('epsilon'),
      lossyNorms: file.metadata.lossyNorms === true,
      analyzer,
    })
    index.#builder = new PostingsBuilder(postings)
    index.#ids.append(ids)
    return index
  }

  #tokens(caller: string, argument: string, text: Bm25Text): readonly string[] {
    if (typeof text === 'string') return this.#analyzer(text)
    if (!Array.isArray(text) || !text.every(token => typeof token === 'string')) {
      throw new SurprisalError('argument', `${caller}: ${argument} must be a text or a list of strings`)
    }
    return text
  }

  #collection(): CollectionStatistics {
    const postings = this.#builder.postings()
    if (this.#statistics?.postings !== postings) {
      this.#statistics = new CollectionStatistics(postings, this.parameters)
    }
    return this.#statistics
  }

  #frequency({ offsets }: Postings): (token: string) => number {
    return token => {
      const term = this.#builder.term(token)
      return term === undefined ? 0 : offsets[term + 1] - offsets[term]
    }
  }

  #known(tokens: readonly string[]): { token: string; term: number }[] {
    return [...new Set(tokens)].flatMap(token => {
      const term = this.#builder.term(token)
      return term === undefined ? [] : [{ token, term }]
    })
  }
}

function matched(postings: Postings, known: readonly { token: string; term: number }[], row: number): string[] {
  return known.filter(({ term }) => occursIn(postings, term, row)).map(({ token }) => token)
}
