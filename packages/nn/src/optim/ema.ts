import { Parameter, SurprisalError, type Tensor } from '@surprisal/tensor'

/** Options of {@link emaUpdate}. */
export interface EmaOptions {
  /** Share of the shadow that is kept. */
  decay: number
  /** Updates done before this one; needed with `warmup`. @default 0 */
  step?: number
  /** Start with a smaller decay, min(decay, (1 + step) / (10 + step)). @default false */
  warmup?: boolean
}

/**
 * One step of an exponential moving average: d shadow + (1 - d) param.
 * @throws {SurprisalError} `argument` for a decay outside of [0, 1]
 */
export function emaUpdate(shadow: Tensor, param: Tensor, { decay, step = 0, warmup = false }: EmaOptions): Tensor {
  if (!(decay >= 0 && decay <= 1)) throw new SurprisalError('argument', `emaUpdate: decay must be in [0, 1], got ${decay}`)
  const d = warmup ? Math.min(decay, (1 + step) / (10 + step)) : decay
  return shadow.mul(d).add(param.mul(1 - d))
}

/** Moving averages of parameters, to evaluate with. */
export class EMA {
  readonly #params: readonly Parameter[]
  readonly #shadows: Parameter[]
  readonly #options: { decay: number; warmup?: boolean }
  #step = 0

  constructor(params: readonly Parameter[], options: { decay: number; warmup?: boolean }) {
    this.#params = params
    this.#shadows = params.map(param => new Parameter(param.value, { requiresGrad: false }))
    this.#options = options
  }

  /** Takes the parameters' present values into the averages. */
  update(): void {
    this.#params.forEach((param, i) => {
      const shadow = this.#shadows[i]
      shadow.assign(emaUpdate(shadow.value, param.value, { ...this.#options, step: this.#step }))
    })
    this.#step += 1
  }

  /** Runs `fn` with the averages in the place of the parameters, and puts these back whatever happens. */
  async swap<T>(fn: () => T | Promise<T>): Promise<T> {
    const values = this.#params.map(param => param.value)
    this.#params.forEach((param, i) => {
      param.assign(this.#shadows[i].value)
    })
    try {
      return await fn()
    } finally {
      this.#params.forEach((param, i) => {
        param.assign(values[i])
      })
    }
  }
}
