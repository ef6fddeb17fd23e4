/**
 * The measures of trec_eval 9 over one judged ranking. R is the number of relevant documents among all judgements;
 * every measure is 0 where it would divide by an R of 0.
 */
import type { JudgedRanking } from './ranking.ts'

type Gain = (judgement: number) => number

/** Whether a judgement counts as relevant. */
function isRelevant(judgement: number | undefined, level: number): boolean {
  return judgement !== undefined && judgement >= level
}

function countRelevant(judgements: readonly (number | undefined)[], level: number): number {
  return judgements.reduce<number>((n, judgement) => n + (isRelevant(judgement, level) ? 1 : 0), 0)
}

/** 0 instead of a division by no relevant documents. */
function ratio(value: number, total: number): number {
  return total === 0 ? 0 : value / total
}

/** Mean of the precisions at the ranks of relevant documents, over all R; `map` and `map_cut_k`. */
export function averagePrecision({ ranked, judgements, relevanceLevel }: JudgedRanking, k = ranked.length): number {
  let hits = 0
  let sum = 0
  for (const [i, judgement] of ranked.slice(0, k).entries()) {
    if (isRelevant(judgement, relevanceLevel)) sum += ++hits / (i + 1)
  }
  return ratio(sum, countRelevant(judgements, relevanceLevel))
}

/** Relevant among the first k, divided by k even when fewer were retrieved; `P_k`. */
export function precision({ ranked, relevanceLevel }: JudgedRanking, k: number): number {
  return countRelevant(ranked.slice(0, k), relevanceLevel) / k
}

/** Relevant among the first k, divided by R; `recall_k`. */
export function recall({ ranked, judgements, relevanceLevel }: JudgedRanking, k: number): number {
  return ratio(countRelevant(ranked.slice(0, k), relevanceLevel), countRelevant(judgements, relevanceLevel))
}

/** 1 if there is a relevant document among the first k; `success_k`. */
export function success({ ranked, relevanceLevel }: JudgedRanking, k: number): number {
  return countRelevant(ranked.slice(0, k), relevanceLevel) > 0 ? 1 : 0
}

/** 1 / rank of the first relevant document among the first k, 0 without one; `recip_rank` and `recip_rank_cut_k`. */
export function reciprocalRank({ ranked, relevanceLevel }: JudgedRanking, k = ranked.length): number {
  const first = ranked.slice(0, k).findIndex(judgement => isRelevant(judgement, relevanceLevel))
  return first < 0 ? 0 : 1 / (first + 1)
}

/** Discounted gain over that of the best order of all judged documents; `ndcg` and `ndcg_cut_k`. */
export function ndcg({ ranked, judgements }: JudgedRanking, gain: Gain, k = Infinity): number {
  const ideal = [...judgements].sort((a, b) => b - a)
  return ratio(discountedGain(ranked, gain, k), discountedGain(ideal, gain, k))
}

function discountedGain(judgements: readonly (number | undefined)[], gain: Gain, k: number): number {
  let sum = 0
  for (let i = 0; i < Math.min(k, judgements.length); i++) {
    const judgement = judgements[i]
    if (judgement !== undefined && judgement > 0) sum += gain(judgement) / Math.log2(i + 2)
  }
  return sum
}

/** Precision after R documents; `Rprec`. */
export function rPrecision(ranking: JudgedRanking): number {
  const R = countRelevant(ranking.judgements, ranking.relevanceLevel)
  return ratio(countRelevant(ranking.ranked.slice(0, R), ranking.relevanceLevel), R)
}

/**
 * How rarely documents judged not relevant stand above relevant ones; `bpref`. Unjudged documents are passed over, and
 * so are negative judgements. N is the number of documents judged not relevant:
 * sum over relevant retrieved of 1 - min(non-relevant above, R) / min(R, N), over R.
 */
export function bpref({ ranked, judgements, relevanceLevel }: JudgedRanking): number {
  const R = countRelevant(judgements, relevanceLevel)
  const N = judgements.filter(judgement => judgement >= 0 && judgement < relevanceLevel).length
  let above = 0
  let sum = 0
  for (const judgement of ranked) {
    if (isRelevant(judgement, relevanceLevel)) sum += above === 0 ? 1 : 1 - Math.min(above, R) / Math.min(R, N)
    else if (judgement !== undefined && judgement >= 0) above++
  }
  return ratio(sum, R)
}

/** Documents without any judgement among the first k, divided by k; `hole_k`. */
export function hole({ ranked }: JudgedRanking, k: number): number {
  return ranked.slice(0, k).filter(judgement => judgement === undefined).length / k
}
