/** Times of one participant in milliseconds. */
export interface Summary {
  readonly minimum: number
  readonly median: number
  /** Half of the runs differ by no more than this: the distance of the quartiles divided by the median. */
  readonly spread: number
  readonly runs: number
}

/**
 * Least, middle and spread of a list of times.
 *
 * @throws RangeError for an empty list
 */
export function summarize(times: readonly number[]): Summary {
  if (times.length === 0) throw new RangeError('summarize: times must not be empty')
  const sorted = [...times].sort((a, b) => a - b)
  const median = quantile(sorted, 0.5)
  const spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / median
  return { minimum: sorted[0], median, spread, runs: sorted.length }
}

/** Linear interpolation between the neighbours in a sorted list. */
function quantile(sorted: readonly number[], q: number): number {
  const position = q * (sorted.length - 1)
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (position - below) * (sorted[above] - sorted[below])
}
