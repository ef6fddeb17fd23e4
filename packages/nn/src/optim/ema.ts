import { add, Buffer, mul, Parameter, SurprisalError, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireWhole } from '../_shared/require.ts'

/** Options of {@link EMA}. */
export interface EmaOptions {
  /** Share of the average that is kept. */
  decay: number
  /** Start with a smaller decay, min(decay, (1 + step) / (10 + step)). @default false */
  warmup?: boolean
}

/** Options of {@link emaUpdate}. */
export interface EmaUpdateOptions extends EmaOptions {
  /** Updates done before this one; needed with `warmup`. @default 0 */
  step?: number
}

function requireDecay(where: string, decay: number): void {
  if (!(decay >= 0 && decay <= 1))
    throw new SurprisalError('argument', `${where}: decay must be in [0, 1], got ${decay}`)
}

/**
 * One step of an exponential moving average: d shadow + (1 - d) param.
 * @throws {SurprisalError} `argument` for a decay outside of [0, 1]
 */
export function emaUpdate(
  shadow: TensorLike,
  param: TensorLike,
  { decay, step = 0, warmup = false }: EmaUpdateOptions,
): Tensor {
  requireTensor('emaUpdate', 'shadow', shadow)
  requireTensor('emaUpdate', 'param', param)
  requireDecay('emaUpdate', decay)
  requireWhole('emaUpdate', 'step', step)
  const d = warmup ? Math.min(decay, (1 + step) / (10 + step)) : decay
  return add(mul(shadow, d), mul(param, 1 - d))
}

/**
 * Moving averages of parameters, to evaluate with; buffers are copied. An update is lazy: pass `values` to
 * `optimizer.settle` or to `realize` at each step, or the graph of all updates grows.
 */
export class EMA {
  readonly #params: readonly Parameter[]
  readonly #shadows: readonly Parameter[]
  readonly #options: EmaOptions
  #step = 0

  /** @throws {SurprisalError} `argument` for a decay outside of [0, 1] */
  constructor(params: readonly Parameter[], options: EmaOptions) {
    requireDecay('EMA', options.decay)
    this.#params = params
    this.#shadows = params.map(param => new Parameter(param.value, { requiresGrad: false }))
    this.#options = options
  }

  /** The cells of the averages, in the order of the parameters. */
  get cells(): readonly Parameter[] {
    return this.#shadows
  }

  /** The averages, in the order of the parameters. */
  get values(): Tensor[] {
    return this.#shadows.map(shadow => shadow.value)
  }

  /** Takes the parameters' present values into the averages. */
  update(): void {
    const options = { ...this.#options, step: this.#step }
    this.#params.forEach((param, i) => {
      const shadow = this.#shadows[i]
      shadow.assign(param instanceof Buffer ? param.value : emaUpdate(shadow, param, options))
    })
    this.#step += 1
  }

  /** Runs `fn` with the averages in the place of the parameters, and puts these back whatever happens. */
  async swap<T>(fn: () => T | Promise<T>): Promise<T> {
    const values = this.#params.map(param => param.value)
    const put = (list: readonly Tensor[]): void =>
      this.#params.forEach((param, i) => {
        param.assign(list[i])
      })
    put(this.values)
    try {
      return await fn()
    } finally {
      put(values)
    }
  }

  /** The averages by position of the parameter, and the number of updates. */
  stateDict(): { step: number; tensors: Record<string, Tensor> } {
    return { step: this.#step, tensors: Object.fromEntries(this.values.map((value, i) => [String(i), value])) }
  }

  /** @throws {SurprisalError} `argument` unless there is one tensor per parameter, `shape` where one does not fit */
  loadStateDict({ step, tensors }: { step: number; tensors: Readonly<Record<string, Tensor>> }): void {
    requireWhole('EMA', 'step', step)
    const names = Object.keys(tensors)
    if (names.length !== this.#shadows.length || !this.#shadows.every((_, i) => Object.hasOwn(tensors, i)))
      throw new SurprisalError(
        'argument',
        `EMA: state must hold ${this.#shadows.length} averages, got ${names.join(', ')}`,
      )
    const loaded = this.#shadows.map((shadow, i) => {
      const trial = new Parameter(shadow.value)
      trial.assign(tensors[i])
      return trial
    })
    this.#shadows.forEach((shadow, i) => {
      shadow.assign(loaded[i])
    })
    this.#step = step
  }
}
