import { SurprisalError, type Tensor, tensor } from '@surprisal/tensor'

/** Options of {@link learningRateAt} and {@link learningRates}. */
export interface ScheduleOptions {
  /** Course of the learning rate. @default 'constant' */
  schedule?: 'constant' | 'linear' | 'cosine' | 'wsd' | 'inverseSqrt' | 'oneCycle' | 'step' | 'exponential'
  /** Peak. @default 1 */
  lr?: number
  /** Steps of linear growth from `warmupInit`. @default 0 */
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

const halfCosine = (x: number): number => (1 + Math.cos(Math.PI * x)) / 2

function requireSteps(name: string, value: number | undefined): number {
  if (value === undefined || !Number.isInteger(value) || value < 0)
    throw new SurprisalError('argument', `learningRates: ${name} must be a whole number of steps, got ${value}`)
  return value
}

const decays = { linear: (x: number) => 1 - x, cosine: halfCosine, sqrt: (x: number) => 1 - Math.sqrt(x) }

function oneCycle(t: number, lr: number, options: ScheduleOptions): number {
  const { pctStart = 0.3, divFactor = 25, finalDivFactor = 1e4 } = options
  const total = requireSteps('totalSteps', options.totalSteps)
  const peak = pctStart * total - 1
  const start = lr / divFactor
  if (t <= peak) return lr + (start - lr) * halfCosine(peak > 0 ? t / peak : 1)
  const end = start / finalDivFactor
  return end + (lr - end) * halfCosine(Math.min(1, (t - peak) / (total - 1 - peak)))
}

/**
 * Learning rate of step `t` = 0, 1, ...
 * @throws {SurprisalError} `argument` for an unknown schedule or a missing number of steps
 */
export function learningRateAt(t: number, options: ScheduleOptions): number {
  const { schedule = 'constant', lr = 1, warmupInit = 0, minLr = 0, decay = 'linear', stepSize = 1, gamma = 0.1 } = options
  if (schedule === 'oneCycle') return oneCycle(t, lr, options)
  const warmup = requireSteps('warmupSteps', options.warmupSteps ?? 0)
  if (t < warmup) return warmupInit + ((lr - warmupInit) * t) / Math.max(1, warmup)
  switch (schedule) {
    case 'constant':
      return lr
    case 'linear': {
      const total = requireSteps('totalSteps', options.totalSteps)
      return lr * Math.max(0, (total - t) / Math.max(1, total - warmup))
    }
    case 'cosine': {
      const total = requireSteps('totalSteps', options.totalSteps)
      return minLr + (lr - minLr) * halfCosine(Math.min(1, (t - warmup) / Math.max(1, total - warmup)))
    }
    case 'wsd': {
      const { stableSteps = 0, decaySteps = 0 } = options
      if (!Object.hasOwn(decays, decay))
        throw new SurprisalError('argument', `learningRates: decay must be linear, cosine or sqrt, got ${decay}`)
      const x = Math.min(1, Math.max(0, (t - warmup - stableSteps) / Math.max(1, decaySteps)))
      return minLr + (lr - minLr) * decays[decay](x)
    }
    case 'inverseSqrt':
      return lr * Math.sqrt(Math.max(1, warmup) / Math.max(1, t))
    case 'step':
      return lr * gamma ** Math.floor((t - warmup) / stepSize)
    case 'exponential':
      return lr * gamma ** (t - warmup)
    default:
      throw new SurprisalError(
        'argument',
        `learningRates: schedule must be constant, linear, cosine, wsd, inverseSqrt, oneCycle, step or exponential, got ${String(schedule)}`,
      )
  }
}

/**
 * The learning rates of the first `steps` steps.
 * @returns float32 [steps]
 */
export function learningRates(steps: number, options: ScheduleOptions): Tensor {
  requireSteps('steps', steps)
  return tensor(Float32Array.from({ length: steps }, (_, t) => learningRateAt(t, options)))
}
