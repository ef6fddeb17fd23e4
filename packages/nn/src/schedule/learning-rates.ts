import { type Tensor, tensor } from '@surprisal/tensor'
import { requireNonNegative, requireOneOf, requirePositive, requireWhole } from '../_shared/require.ts'

/** Options of {@link learningRateAt} and {@link learningRates}. */
export interface ScheduleOptions {
  /** Course of the learning rate after the warm-up. @default 'constant' */
  schedule?: 'constant' | 'linear' | 'cosine' | 'wsd' | 'inverseSqrt' | 'oneCycle' | 'step' | 'exponential'
  /** Peak. @default 1 */
  lr?: number
  /** Steps of linear growth from `warmupInit` (all but oneCycle). @default 0 */
  warmupSteps?: number
  /** Learning rate at step 0 of the warm-up. @default 0 */
  warmupInit?: number
  /** Steps in all; needed by linear, cosine and oneCycle. */
  totalSteps?: number
  /** Steps at the peak (wsd). @default 0 */
  stableSteps?: number
  /** Steps of the decay (wsd). @default 0 */
  decaySteps?: number
  /** Shape of the decay (wsd): straight, half a cosine, or 1 - sqrt(x). @default 'linear' */
  decay?: 'linear' | 'cosine' | 'sqrt'
  /** Lowest learning rate (cosine, wsd). @default 0 */
  minLr?: number
  /** Steps between two drops (step). @default 1 */
  stepSize?: number
  /** Factor of a drop (step, exponential). @default 0.1 */
  gamma?: number
  /** Share of the steps that rise (oneCycle). @default 0.3 */
  pctStart?: number
  /** Peak over start (oneCycle). @default 25 */
  divFactor?: number
  /** Start over end (oneCycle). @default 1e4 */
  finalDivFactor?: number
}

const op = 'learningRates'
const halfCosine = (x: number): number => (1 + Math.cos(Math.PI * x)) / 2
const decays = { linear: (x: number) => 1 - x, cosine: halfCosine, sqrt: (x: number) => 1 - Math.sqrt(x) }

function steps(name: 'warmupSteps' | 'totalSteps' | 'stableSteps' | 'decaySteps', options: ScheduleOptions): number {
  const value = options[name] ?? (name === 'totalSteps' ? Number.NaN : 0)
  requireWhole(op, name, value)
  return value
}

/** Learning rate at step `t` >= warmup of the peak `lr`. */
type Course = (t: number, lr: number, warmup: number, options: ScheduleOptions) => number

const courses: Record<NonNullable<ScheduleOptions['schedule']>, Course> = {
  constant: (_t, lr) => lr,
  linear: (t, lr, warmup, options) => {
    const total = steps('totalSteps', options)
    return lr * Math.max(0, (total - t) / Math.max(1, total - warmup))
  },
  cosine: (t, lr, warmup, options) => {
    const { minLr = 0 } = options
    const x = Math.min(1, (t - warmup) / Math.max(1, steps('totalSteps', options) - warmup))
    return minLr + (lr - minLr) * halfCosine(x)
  },
  wsd: (t, lr, warmup, options) => {
    const { decay = 'linear', minLr = 0 } = options
    requireOneOf(op, 'decay', decay, Object.keys(decays))
    const done = t - warmup - steps('stableSteps', options)
    const x = Math.min(1, Math.max(0, done / Math.max(1, steps('decaySteps', options))))
    return minLr + (lr - minLr) * decays[decay](x)
  },
  inverseSqrt: (t, lr, warmup) => lr * Math.sqrt(Math.max(1, warmup) / Math.max(1, t)),
  oneCycle: (t, lr, _warmup, options) => {
    const { pctStart = 0.3, divFactor = 25, finalDivFactor = 1e4 } = options
    const total = steps('totalSteps', options)
    const peak = pctStart * total - 1
    const start = lr / divFactor
    if (t <= peak) return lr + (start - lr) * halfCosine(peak > 0 ? t / peak : 1)
    const end = start / finalDivFactor
    return end + (lr - end) * halfCosine(Math.min(1, (t - peak) / (total - 1 - peak)))
  },
  step: (t, lr, warmup, { gamma = 0.1, stepSize = 1 }) => {
    requirePositive(op, 'stepSize', stepSize)
    return lr * gamma ** Math.floor((t - warmup) / stepSize)
  },
  exponential: (t, lr, warmup, { gamma = 0.1 }) => lr * gamma ** (t - warmup),
}

/**
 * Learning rate of step `t` = 0, 1, ...: straight from `warmupInit` to the peak, then by the schedule.
 * @throws {SurprisalError} `argument` for an unknown schedule, a missing number of steps or a negative learning rate
 * @see Smith and Topin, "Super-Convergence", 2018 (oneCycle); Hu et al., "MiniCPM", 2024 (wsd)
 */
export function learningRateAt(t: number, options: ScheduleOptions): number {
  const { schedule = 'constant', lr = 1, warmupInit = 0 } = options
  requireOneOf(op, 'schedule', schedule, Object.keys(courses))
  requireNonNegative(op, 't', t)
  requireNonNegative(op, 'lr', lr)
  const warmup = schedule === 'oneCycle' ? 0 : steps('warmupSteps', options)
  const after = courses[schedule](Math.max(t, warmup), lr, warmup, options)
  return t < warmup ? warmupInit + ((lr - warmupInit) * t) / warmup : after
}

/**
 * The learning rates of the first `steps` steps.
 * @returns float32 [steps]
 * @throws {SurprisalError} as {@link learningRateAt} does
 */
export function learningRates(steps: number, options: ScheduleOptions): Tensor {
  requireWhole(op, 'steps', steps)
  return tensor(Float32Array.from({ length: steps }, (_, t) => learningRateAt(t, options)))
}
