import type { Observed } from './program.ts'

/** Float32 results this near, relative to the oracle's, need no further reason: two units in the last place. */
const near = 2 ** -22
/** How many times the distance seen among perturbed runs is allowed. */
const slack = 4
/** The last subnormal digits. */
const tiny = 2 ** -147

/** Where two executors disagree. */
export interface Difference {
  readonly round: number
  readonly value: number
  /** Row-major position of the element, or -1 when the shapes or dtypes are different. */
  readonly element: number
  readonly expected: number
  readonly got: number
  readonly tolerance: number
}

/** How far an element has moved in perturbed runs: Infinity when it became or ceased to be NaN or infinite. */
function movedBy(expected: number, perturbed: number): number {
  if (Object.is(expected, perturbed) || expected === perturbed) return 0
  const distance = Math.abs(expected - perturbed)
  return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance
}

/** The most that element has moved over the runs. */
function spreadOf(at: number, element: number, expected: number, runs: readonly (readonly Observed[])[]): number {
  let spread = 0
  for (const run of runs) spread = Math.max(spread, movedBy(expected, run[at].data[element]))
  return spread
}

/**
 * The first place where `got` is not what the oracle says. Without perturbed runs floats may differ by two units in
 * the last place, other dtypes not at all; with them also by a few times what an element has moved in them. A value
 * of another dtype that has moved at all stands behind a decision between nearly equal numbers and may be anything.
 */
export function findDifference(
  expected: readonly Observed[],
  got: readonly Observed[],
  runs: readonly (readonly Observed[])[] = [],
): Difference | null {
  for (const [at, { round, value, dtype, shape, data }] of expected.entries()) {
    const other = got[at]
    if (other.dtype !== dtype || other.shape.join() !== shape.join() || other.data.length !== data.length)
      return { round, value, element: -1, expected: data.length, got: other.data.length, tolerance: 0 }
    const float = dtype === 'float32' || dtype === 'float16'
    for (let element = 0; element < data.length; element++) {
      const [x, y] = [data[element], other.data[element]]
      const distance = movedBy(x, y)
      const close = float && Number.isFinite(x) ? near * Math.abs(x) + tiny : 0
      if (distance === 0 || distance <= close) continue
      const spread = spreadOf(at, element, x, runs)
      const tolerance = float ? slack * spread + close : spread > 0 ? Number.POSITIVE_INFINITY : 0
      if (!(distance <= tolerance)) return { round, value, element, expected: x, got: y, tolerance }
    }
  }
  return null
}
