import { exactEvaluator } from '../../exact.ts'
import type { Tensor } from '../../tensor.ts'
import { noise } from './loss.ts'

/** Steps of the differences, tried in this order until one agrees with the gradient. */
const steps = [1e-5, 1e-4, 1e-6, 1e-3]
const rtol = 1e-4
/** Numbers in a graph are rounded to float32, and what should cancel leaves as much. */
const atol = 1e-6
/** How far a loss of size 1 may be off when it is computed in float64: 64 roundings. */
const roundings = 2 ** -46
/** Steeper than this, many small jumps within a step would look smooth too. */
const steepest = 1e6
const randomDirections = 2
const singleDirections = 6

/** A slope that differences contradict. */
export interface WrongSlope {
  /** The leaf and the element that was moved, or -1 and -1 where all were moved at once. */
  readonly leaf: number
  readonly element: number
  /** By differences. */
  readonly expected: number
  /** By the gradients. */
  readonly got: number
}

/** What became of the directions in which a loss was followed. */
export interface Slopes {
  /** Where differences confirm a slope that is not 0. */
  readonly confirmed: number
  /** Where the loss does not change, and no gradient says so. */
  readonly flat: number
  /** Where differences say nothing: at kinks and jumps, where steps of several sizes disagree, beside NaN. */
  readonly rough: number
  readonly wrong: WrongSlope | null
}

interface Direction {
  readonly leaf: number
  readonly element: number
  readonly parts: readonly Float64Array[]
}

function directionsOf(values: readonly Float64Array[]): Direction[] {
  const directions: Direction[] = []
  for (let n = 0; n < randomDirections; n++)
    directions.push({ leaf: -1, element: -1, parts: values.map((x, i) => x.map((_, j) => noise(31 * n + i, j))) })
  const total = values.reduce((sum, x) => sum + x.length, 0)
  const stride = Math.ceil(total / singleDirections)
  let before = 0
  values.forEach((x, leaf) => {
    for (let element = (stride - (before % stride)) % stride; element < x.length; element += stride)
      directions.push({ leaf, element, parts: values.map((y, i) => y.map((_, j) => +(i === leaf && j === element))) })
    before += x.length
  })
  return directions
}

/** What differences with one step and with half of it say. */
interface Difference {
  readonly slope: number
  /** How far rounding alone may move it. */
  readonly noise: number
  /** Whether the loss looks smooth at this scale. */
  readonly smooth: boolean
}

function differenceAt(along: (t: number) => number, center: number, step: number): Difference {
  const half = step / 2
  const [far, near, nearBack, farBack] = [step, half, -half, -step].map(along)
  const wide = (far - farBack) / (2 * step)
  const narrow = (near - nearBack) / step
  // Richardson's extrapolation (1911): the term in the square of the step is gone.
  const slope = (4 * narrow - wide) / 3
  const noise = (roundings * Math.max(...[far, near, center, nearBack, farBack].map(Math.abs))) / step
  const tolerance = rtol * Math.abs(slope) + noise
  // Slopes of both sides approach each other in proportion to the step, except at a kink.
  const bend = Math.abs(near - 2 * center + nearBack) / half
  const wideBend = Math.abs(far - 2 * center + farBack) / step
  const smooth = Math.abs(wide - narrow) <= tolerance / 4 && (bend <= tolerance / 4 || bend <= 0.6 * wideBend)
  return { slope, noise, smooth }
}

/** The gradient's slope in one direction beside differences of several steps. */
function follow(along: (t: number) => number, slope: number): keyof Omit<Slopes, 'wrong'> | number {
  const center = along(0)
  if (!Number.isFinite(center)) return 'rough'
  const believed: number[] = []
  for (const step of steps) {
    const found = differenceAt(along, center, step)
    const tolerance = rtol * Math.abs(found.slope) + found.noise + atol
    if (Math.abs(slope - found.slope) <= tolerance) {
      if (found.noise + atol <= 0.01 * Math.abs(slope)) return 'confirmed'
      if (slope === 0 && found.slope === 0) return 'flat'
      continue
    }
    if (!found.smooth || Math.abs(found.slope) > steepest) continue
    if (believed.some(other => Math.abs(other - found.slope) <= tolerance)) return found.slope
    believed.push(found.slope)
  }
  return 'rough'
}

const allFinite = (lists: readonly Float64Array[]): boolean => lists.every(list => list.every(Number.isFinite))

/** What may make a gradient NaN or infinite where the loss is smooth: 0 times an infinite slope is NaN. */
export interface SlopeExcuses {
  /** Values between the leaves and the loss: one that is not finite is an excuse. @default [] */
  readonly way?: readonly Tensor[]
  /** Whether the loss is made by functions with infinite slopes at finite values. @default false */
  readonly singular?: boolean
}

/**
 * Compares the gradients of a scalar with central differences along two random directions and along single elements,
 * everything in float64. Only where the loss is smooth as far as differences of two step sizes can tell is it wrong
 * to disagree; a gradient that is not finite may also be excused.
 */
export function compareSlopes(
  loss: Tensor,
  gradients: readonly Tensor[],
  leaves: readonly Tensor[],
  { way = [], singular = false }: SlopeExcuses = {},
): Slopes {
  const values = leaves.map(leaf => Float64Array.from(leaf.dataSync()))
  const analytic = exactEvaluator(gradients, leaves)(values)
  const evaluate = exactEvaluator([loss], leaves)
  const excused = singular || (!allFinite(analytic) && !allFinite(exactEvaluator(way, leaves)(values)))
  const counts = { confirmed: 0, flat: 0, rough: 0 }
  for (const { leaf, element, parts } of directionsOf(values)) {
    const along = (t: number) => evaluate(values.map((x, i) => x.map((y, j) => y + t * parts[i][j])))[0][0]
    let got = 0
    analytic.forEach((grad, i) => {
      grad.forEach((g, j) => {
        if (parts[i][j] !== 0) got += g * parts[i][j]
      })
    })
    const result = excused && !Number.isFinite(got) ? 'rough' : follow(along, got)
    if (typeof result === 'number') return { ...counts, wrong: { leaf, element, expected: result, got } }
    counts[result] += 1
  }
  return { ...counts, wrong: null }
}
