import type { Numbers } from '../case/bench-case.ts'

/** Largest difference that counts as equal: `atol + rtol * abs(theirs)`. */
export interface Tolerance {
  /** @default 1e-4 */
  readonly rtol?: number
  /** @default 1e-5 */
  readonly atol?: number
}

/** Says where two lists of results differ first; null where they are equal. NaN equals NaN. */
export function firstDifference(
  ours: readonly Numbers[],
  theirs: readonly Numbers[],
  { rtol = 1e-4, atol = 1e-5 }: Tolerance = {},
): string | null {
  if (ours.length !== theirs.length) return `gives ${theirs.length} results and not ${ours.length}`
  for (let k = 0; k < ours.length; k++) {
    const [a, b] = [ours[k], theirs[k]]
    if (a.length !== b.length) return `result ${k} has ${b.length} elements and not ${a.length}`
    for (let i = 0; i < a.length; i++) {
      const difference = Math.abs(a[i] - b[i])
      // Beside an infinite value any difference would be within its part of the tolerance.
      const close = difference <= atol + rtol * Math.abs(b[i]) && difference !== Number.POSITIVE_INFINITY
      if (!close && !Object.is(a[i], b[i])) return `element ${i} of result ${k} is ${b[i]} and not ${a[i]}`
    }
  }
  return null
}
