import type { Tensor, TensorLike } from '@surprisal/tensor'
import { fail, readOptional, requireWidth, rowsOf, shapeText, tensorOf } from './arguments.ts'
import { type Distance, similarity } from './distance.ts'

/** What every retrieval metric takes. */
export interface RetrievalMetricOptions {
  /** How the reference is ranked. @default 'cosine' */
  distance?: Distance
}

/** What metrics over the first k of a ranking take. */
export interface RetrievalMetricAtKOptions extends RetrievalMetricOptions {
  /** How many of the ranking count, at least 1. @default 1 */
  k?: number
}

/** What follows embeddings and labels: a reference with its labels, which may be left out, and options. */
export type RetrievalMetricArguments<Options> =
  | [options?: Options]
  | [reference: TensorLike | null | undefined, referenceLabels: TensorLike | null | undefined, options?: Options]

/** Value of one ranking: whether each place holds a relevant item, best first, and how many there are in all. */
type Score = (hits: Uint8Array, relevant: number) => number

/** Entries of a block of the distance matrix, times the width of the embeddings, that are computed at a time. */
const blockSize = 2 ** 24

/**
 * Mean of `score` over the queries that have anything relevant; NaN when none has, or when a distance is NaN.
 * Without a reference every query is ranked against the others.
 */
export async function meanOverRankings<Options extends RetrievalMetricOptions>(
  op: string,
  embeddings: TensorLike,
  labels: TensorLike,
  rest: readonly unknown[],
  scoreOf: (options: Partial<Options>) => Score,
): Promise<number> {
  const { tensors, options } = readOptional<Options>(op, rest, 2)
  const score = scoreOf(options)
  const queries = rowsOf(op, 'embeddings', embeddings)
  const queryLabels = await labelsOf(op, 'labels', labels, 'embeddings', queries)
  const [given, givenLabels] = tensors
  if (!given !== !givenLabels)
    fail('argument', op, 'reference and referenceLabels must be given together, got one of them')
  const reference = given ? rowsOf(op, 'reference', given) : queries
  requireWidth(op, 'reference', reference, 'embeddings', queries)
  const referenceLabels = givenLabels
    ? await labelsOf(op, 'referenceLabels', givenLabels, 'reference', reference)
    : queryLabels

  const [count, size] = [queries.shape[0], reference.shape[0]]
  const rows = Math.max(1, Math.floor(blockSize / Math.max(1, size * queries.shape[1])))
  let sum = 0
  let counted = 0
  for (let start = 0; start < count; start += rows) {
    const block = queries.narrow(0, start, Math.min(rows, count - start))
    const scores = await similarity(op, options.distance ?? 'cosine', block, reference).data()
    for (let row = 0; row < block.shape[0]; row++) {
      const query = start + row
      const own = scores.subarray(row * size, (row + 1) * size)
      const hits = ranking(own, referenceLabels, queryLabels[query], given ? -1 : query)
      const relevant = hits.reduce((total, hit) => total + hit, 0)
      if (relevant === 0) continue
      sum += own.some(Number.isNaN) ? Number.NaN : score(hits, relevant)
      counted += 1
    }
  }
  return sum / counted
}

/** Relevance from best to worst; equal scores keep the order of the reference. */
function ranking(scores: ArrayLike<number>, labels: ArrayLike<number>, label: number, self: number): Uint8Array {
  const order = Uint32Array.from(scores, (_, i) => i).filter(i => i !== self)
  order.sort((i, j) => scores[j] - scores[i] || i - j)
  return Uint8Array.from(order, i => Number(labels[i] === label))
}

async function labelsOf(op: string, name: string, x: TensorLike, of: string, rows: Tensor): Promise<ArrayLike<number>> {
  const labels = tensorOf(op, name, x)
  if (labels.dtype.startsWith('float') || labels.dtype === 'bool')
    fail('dtype', op, `${name} must be integers, got ${labels.dtype}`)
  if (labels.ndim !== 1) fail('shape', op, `${name} must have one dim, got shape ${shapeText(labels.shape)}`)
  if (labels.shape[0] !== rows.shape[0])
    fail('shape', op, `${name} must have one entry for each row of ${of}, got ${labels.shape[0]} for ${rows.shape[0]}`)
  return labels.data()
}

/** The option k, checked. */
export function depthOf(op: string, { k = 1 }: Partial<RetrievalMetricAtKOptions>): number {
  if (!Number.isInteger(k) || k < 1) fail('argument', op, `k must be an integer of at least 1, got ${String(k)}`)
  return k
}

/** Sum of the precision at every relevant place. */
export function summedPrecision(hits: Uint8Array): number {
  let found = 0
  return hits.reduce((sum, hit, place) => (hit ? sum + ++found / (place + 1) : sum), 0)
}
