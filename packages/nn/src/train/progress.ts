/** How far a training is. */
export interface Progress {
  /** Steps done. */
  step: number
  /** Steps in all. */
  steps: number
  /** Passes through the data that are complete; null where it has no end. */
  epoch: number | null
  /** Loss of the step. */
  loss: number
  /** Running mean of the losses, over about 50 steps. */
  smoothedLoss: number
  lr: number
  /** Norm of all gradients before clipping; null without `clipNorm`. */
  gradNorm: number | null
  /** Whether gradients overflowed, so that the step was left out (dynamic loss scale). */
  skipped: boolean
  /** Null where the loss does not say how many samples it saw. */
  samplesPerSecond: number | null
  /** Null where the loss does not say how many tokens it saw. */
  tokensPerSecond: number | null
  secondsLeft: number
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 75 as 1:15, 3700 as 1:01:40. */
function clock(seconds: number): string {
  const all = Math.ceil(seconds)
  const [hours, minutes, rest] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  const two = (x: number): string => String(x).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** One line of text: bar, step of steps, running loss, learning rate, speeds and the time that is left. */
export function progressLine(progress: Progress): string {
  const { step, steps, smoothedLoss, lr, samplesPerSecond, tokensPerSecond, secondsLeft } = progress
  const filled = Math.floor((20 * step) / Math.max(1, steps))
  const parts = [
    `[${'='.repeat(filled).padEnd(20)}] ${whole.format(step)}/${whole.format(steps)}`,
    `loss ${smoothedLoss.toFixed(4)}`,
    `lr ${lr.toExponential(2)}`,
    ...(samplesPerSecond === null ? [] : [`${whole.format(samplesPerSecond)} samples/s`]),
    ...(tokensPerSecond === null ? [] : [`${whole.format(tokensPerSecond)} tokens/s`]),
    `${clock(secondsLeft)} left`,
  ]
  return parts.join('  ')
}

/** Speeds over about the last ten steps; the first step, which compiles, counts only until there is another. */
export class Speedometer {
  #seconds = 0
  #samples = 0
  #tokens = 0
  #weight = 0
  #isFirst = true

  add(seconds: number, samples: number, tokens: number): void {
    const keep = this.#isFirst ? 0 : 0.9
    this.#isFirst = this.#weight === 0
    this.#seconds = keep * this.#seconds + seconds
    this.#samples = keep * this.#samples + samples
    this.#tokens = keep * this.#tokens + tokens
    this.#weight = keep * this.#weight + 1
  }

  get secondsPerStep(): number {
    return this.#weight > 0 ? this.#seconds / this.#weight : 0
  }

  get samplesPerSecond(): number | null {
    return this.#samples > 0 ? this.#samples / this.#seconds : null
  }

  get tokensPerSecond(): number | null {
    return this.#tokens > 0 ? this.#tokens / this.#seconds : null
  }
}
