/** What names a document: a string, or an integer. */
export type Id = string | number

/** One search result. */
export interface Hit {
  /** The id under which the document was added. */
  id: Id
  /** Larger is better, except under the metric `'l2'`, where it is the squared distance and smaller is better. */
  score: number
}

/** What happens when an added id is in the index already. */
export interface ConflictOptions {
  /**
   * `'error'` refuses the whole batch; `'replace'` removes the earlier document first, so the new one counts as
   * the last added.
   * @default 'error'
   */
  onConflict?: 'error' | 'replace'
}

/** Options that every index's `search` takes. */
export interface SearchOptions {
  /**
   * How many results to return at most, an integer >= 1.
   * @default 10
   */
  k?: number
  /** Keeps only documents whose id passes; never costs results, because it is applied before the selection. */
  filter?: (id: Id) => boolean
}
