/**
 * Exponential running mean with the bias of its start removed (Kingma and Ba 2014), so that it begins at the first
 * value.
 *
 * @param keep share of the mean before that a new value leaves. Default 0.9.
 */
export function runningMean(values: readonly number[], keep = 0.9): number[] {
  let sum = 0
  let weight = 0
  return values.map(value => {
    sum = keep * sum + (1 - keep) * value
    weight = keep * weight + (1 - keep)
    return sum / weight
  })
}
