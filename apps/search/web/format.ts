const whole = new Intl.NumberFormat('en')

/** A count with thousands separated: `117,659`. */
export function formatCount(count: number): string {
  return whole.format(Math.round(count))
}

/** A score with three significant digits, or three decimals below one: `14.2`, `0.631`. */
export function formatScore(score: number): string {
  return Math.abs(score) < 1 ? score.toFixed(3) : score.toPrecision(3)
}

/** A metric of 0 to 1 with three decimals, or a dash where it was not measured. */
export function formatMetric(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(3)
}

/** A duration: `0.4 ms`, `12 ms`. */
export function formatMilliseconds(milliseconds: number): string {
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`
}

/** `1 result`, `12 results`. */
export function formatPlural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** A metric as the literature writes it: `mrr@10` becomes `MRR@10`, `ndcg@10` becomes `nDCG@10`. */
export function formatMetricName(name: string): string {
  return name.replace(/^mrr/, 'MRR').replace(/^ndcg/, 'nDCG').replace(/^map/, 'MAP')
}
