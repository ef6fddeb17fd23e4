/** One thing that can be found. */
export interface Document {
  /** Stable name: a synset's part of speech and offset, or `path#n` for the n-th passage of a file. */
  readonly id: string
  /** What a result is headed with: words of a synset, title of a passage. */
  readonly title: string
  /** What is indexed and shown. */
  readonly text: string
  /** Sentences in which its words are used; never indexed. */
  readonly examples: readonly string[]
  /** Positions of documents with a near meaning. */
  readonly related: readonly number[]
  /** Where it stands, as `path:line`, for a corpus of files. */
  readonly location?: string
}

export interface Corpus {
  readonly name: string
  readonly kind: 'wordnet' | 'folder'
  readonly documents: readonly Document[]
  /** Queries to try, shown where none has been typed yet. */
  readonly sampleQueries: readonly string[]
}
