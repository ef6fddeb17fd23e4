/**
 * The BM25 family in one form. N documents, n of them with the term, tf its frequency in a document of length l,
 * L the average length, norm = 1 - b + b * l / L, K = k1 * norm:
 *
 * | variant   | idf                                  | score of a term                                |
 * | lucene    | ln(1 + (N-n+.5)/(n+.5))              | idf * tf / (tf + K)                            |
 * | robertson | max(0, ln((N-n+.5)/(n+.5)))          | idf * tf * (k1+1) / (tf + K)                   |
 * | okapi     | ln((N-n+.5)/(n+.5)), see epsilon     | idf * tf * (k1+1) / (tf + K)                   |
 * | atire     | ln(N/n)                              | idf * tf * (k1+1) / (tf + K)                   |
 * | bm25l     | ln((N+1)/(n+.5))                     | c = tf/norm: idf * (k1+1) * (c+d) / (k1+c+d)   |
 * | bm25+     | ln((N+1)/n)                          | idf * (d + tf * (k1+1) / (tf + K))             |
 *
 * All of them are weight * (tf + S * norm) / (tf + T * norm) + bonus, where S = d for bm25l and 0 elsewhere,
 * T = S + k1, and bonus = idf * d for bm25+ and 0 elsewhere.
 *
 * @see Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009); Trotman, Puurula and
 *   Burgess, "Improvements to BM25 and Language Models Examined" (2014); Kamphuis et al., "Which BM25 Do You Mean?"
 *   (2020)
 */
import { requireNumber, requireOneOf } from '../_shared/check.ts'

/** Names of the variants, as bm25s has them. */
export type Bm25Variant = 'lucene' | 'robertson' | 'okapi' | 'atire' | 'bm25l' | 'bm25+'

/** The variants and parameters of BM25. */
export interface Bm25Options {
  /**
   * Which member of the family.
   * @default 'lucene'
   */
  variant?: Bm25Variant
  /**
   * How slowly repeats of a term saturate, >= 0.
   * @default 1.2, for okapi 1.5
   */
  k1?: number
  /**
   * How much longer documents are held back, in [0, 1].
   * @default 0.75
   */
  b?: number
  /**
   * Lower bound of a term that occurs, for bm25l and bm25+, >= 0.
   * @default 0.5 for bm25l, 1 for bm25+
   */
  delta?: number
  /**
   * okapi only: a negative idf is replaced by epsilon times the mean idf of the vocabulary.
   * @default 0.25
   */
  epsilon?: number
  /**
   * Reads document lengths as Lucene stores them, in one byte; the average length stays exact.
   * @default false
   */
  lossyNorms?: boolean
}

/** Options with every default filled in. */
export type Bm25Parameters = Required<Bm25Options>

/** The variants, in the order of the table above. */
export const BM25_VARIANTS: readonly Bm25Variant[] = ['lucene', 'robertson', 'okapi', 'atire', 'bm25l', 'bm25+']

/** Fills in defaults and checks ranges; messages start with the caller's name. */
export function bm25Parameters(caller: string, options: Bm25Options): Bm25Parameters {
  const { variant = 'lucene', b = 0.75, epsilon = 0.25, lossyNorms = false } = options
  requireOneOf(caller, 'variant', variant, BM25_VARIANTS)
  const { k1 = variant === 'okapi' ? 1.5 : 1.2, delta = variant === 'bm25l' ? 0.5 : 1 } = options
  requireNumber(caller, 'k1', k1, 0)
  requireNumber(caller, 'b', b, 0, 1)
  requireNumber(caller, 'delta', delta, 0)
  requireNumber(caller, 'epsilon', epsilon)
  return { variant, k1, b, delta, epsilon, lossyNorms }
}

/** The inverse document frequency of a term; for okapi the raw one, which may be negative. */
export function rawIdf(variant: Bm25Variant, documents: number, frequency: number): number {
  const N = documents
  const n = frequency
  switch (variant) {
    case 'lucene':
      return Math.log1p((N - n + 0.5) / (n + 0.5))
    case 'robertson':
      return Math.max(0, Math.log((N - n + 0.5) / (n + 0.5)))
    case 'okapi':
      return Math.log((N - n + 0.5) / (n + 0.5))
    case 'atire':
      return Math.log(N / n)
    case 'bm25l':
      return Math.log((N + 1) / (n + 0.5))
    case 'bm25+':
      return Math.log((N + 1) / n)
  }
}

/**
 * The mean raw idf of a vocabulary. Terms of one document frequency are taken together, frequencies ascending, so that
 * the order of the vocabulary does not show in the last bits.
 */
export function meanRawIdf(variant: Bm25Variant, documents: number, frequencies: Iterable<number>): number {
  const terms = new Map<number, number>()
  let total = 0
  for (const n of frequencies) {
    terms.set(n, (terms.get(n) ?? 0) + 1)
    total++
  }
  const ascending = [...terms].sort(([a], [b]) => a - b)
  return ascending.reduce((sum, [n, count]) => sum + count * rawIdf(variant, documents, n), 0) / total
}

/** The idf that scores use. `meanIdf` is the mean raw idf of the vocabulary, asked for only where okapi needs it. */
export function idf({ variant, epsilon }: Bm25Parameters, documents: number, frequency: number, meanIdf: () => number) {
  const raw = rawIdf(variant, documents, frequency)
  return variant === 'okapi' && raw < 0 ? epsilon * meanIdf() : raw
}

/** The constants S and T of the common form. */
export function saturation({ variant, k1, delta }: Bm25Parameters): { S: number; T: number } {
  const S = variant === 'bm25l' ? delta : 0
  return { S, T: S + k1 }
}

/** Weight and bonus of the common form for a query term of this idf that occurs `multiplicity` times in the query. */
export function termWeight(
  { variant, k1, delta }: Bm25Parameters,
  termIdf: number,
  multiplicity: number,
): { weight: number; bonus: number } {
  const idfs = termIdf * multiplicity
  return { weight: variant === 'lucene' ? idfs : idfs * (k1 + 1), bonus: variant === 'bm25+' ? idfs * delta : 0 }
}

/** (tf + S * norm) / (tf + T * norm), for tf > 0. */
export function saturated(tf: number, norm: number, S: number, T: number): number {
  return (tf + S * norm) / (tf + T * norm)
}
