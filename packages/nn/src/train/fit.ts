import { type Module, SurprisalError } from '@surprisal/tensor'
import { requirePositive, requireWhole } from '../_shared/require.ts'
import { EMA, type EmaOptions } from '../optim/ema.ts'
import type { TrainingOptimizer } from '../optim/optimizer.ts'
import { learningRateAt, type ScheduleOptions } from '../schedule/learning-rates.ts'
import { ReduceLROnPlateau } from '../schedule/plateau.ts'
import { type Batches, batchSource } from './batches.ts'
import type { CheckpointStore } from './checkpoint-store.ts'
import { Checkpoints } from './checkpoints.ts'
import { DynamicLossScale } from './loss-scale.ts'
import { type PrecisionPolicy, resolvePrecision } from './precision.ts'
import { type Progress, Speedometer } from './progress.ts'
import type { TrainingState } from './training-state.ts'
import { type LossFunction, TrainingStep } from './training-step.ts'

/** The metric of an evaluation. */
export interface Evaluation {
  step: number
  metric: number
}

/** What is called on the way; promises are awaited. */
export interface FitCallbacks {
  onStep?(progress: Progress): void | Promise<void>
  onEvaluation?(evaluation: Evaluation): void | Promise<void>
  /** @param name of the checkpoint in its store */
  onCheckpoint?(name: string, step: number): void | Promise<void>
}

/** Checkpoints of {@link fit}. */
export interface FitCheckpoints {
  store: CheckpointStore
  /** Steps between two; the last step has one in any case. @default 0, only the last */
  every?: number
  /** Newest ones that are kept. @default 3 */
  keep?: number
  /** JSON that is kept with each, such as the sizes of the model. @default null */
  config?: unknown
}

/** Options of {@link fit}. */
export interface FitOptions<M extends Module, B> {
  loss: LossFunction<M, B>
  data: Batches<B>
  optimizer: TrainingOptimizer
  /** Steps in all, those before a resumption included; or `epochs`. */
  steps?: number
  /** Passes through the data. */
  epochs?: number
  /** Learning rate of every step and group; `totalSteps` is `steps` unless given. @default those of the groups */
  schedule?: ScheduleOptions | ((step: number) => number) | ReduceLROnPlateau
  /** Batches of a step, whose mean gradient it takes; by tokens where the loss gives them. @default 1 */
  gradAccumulation?: number
  /** Largest norm of all gradients. @default no clipping */
  clipNorm?: number
  /** Moving average of the weights, which is then what is evaluated. @default none */
  ema?: EMA | EmaOptions
  precision?: PrecisionPolicy
  /** Steps between two evaluations; the last step has one in any case. @default 0, only the last */
  evalEvery?: number
  /** Metric of the model in evaluation mode; a plateau schedule takes it. @default no evaluation */
  evalFn?: (model: M) => number | Promise<number>
  callbacks?: readonly FitCallbacks[]
  /** Takes the state of every step, such as `terminalProgress()` of `@surprisal/nn/node`. @default none */
  progress?: (progress: Progress) => void
  /** Stops after the step that runs, with a checkpoint. */
  signal?: AbortSignal
  checkpoint?: FitCheckpoints
  /** Go on from the newest checkpoint of the store, if there is one. @default false */
  resume?: boolean
  /** Seed of the random keys that the loss gets. @default 0 */
  seed?: number
}

/** What a training came to. */
export interface FitResult {
  /** Steps done in all. */
  step: number
  /** Step that it began at: 0, or that of the checkpoint. */
  resumedFrom: number
  /** Loss of the last step; null when none was made. */
  loss: number | null
  evaluations: Evaluation[]
  reason: 'done' | 'aborted'
  /** Name of the newest checkpoint, or null. */
  checkpoint: string | null
  /** The averaged weights, or null. */
  ema: EMA | null
}

/**
 * Trains a model: takes batches, follows the gradient of their loss, evaluates and keeps checkpoints. What a step does
 * follows from the state that a checkpoint holds: on the CPU, a training that is stopped (or killed) and gone on from
 * ends with the very same weights.
 *
 * @returns after the last step, or when the signal has stopped it
 * @throws {SurprisalError} `argument` for wrong options, a loss or weights that are not finite (naming the step, the
 * last good checkpoint and how to go on), a checkpoint of another model (listing keys), or checkpoints of another
 * training in the store; `format` for a checkpoint that is damaged; `io` when one cannot be written, the ones before then stay
 */
export async function fit<M extends Module, B>(model: M, options: FitOptions<M, B>): Promise<FitResult> {
  const training = new Training(model, options)
  const wasTraining = model.training
  model.train()
  try {
    return await training.run()
  } finally {
    model.train(wasTraining)
  }
}

class Training<M extends Module, B> {
  readonly #model: M
  readonly #options: FitOptions<M, B>
  readonly #steps: number
  readonly #ema: EMA | null
  readonly #lossScale: number | DynamicLossScale
  readonly #step: TrainingStep<M, B>
  readonly #checkpoints: Checkpoints | null
  readonly #batchesPerEpoch: number | null
  readonly #speed = new Speedometer()
  readonly #evaluations: Evaluation[] = []
  #done = 0
  #smoothedLoss: number | null = null

  constructor(model: M, options: FitOptions<M, B>) {
    const { data, loss, optimizer, ema, checkpoint, gradAccumulation = 1, clipNorm, seed = 0 } = options
    requireWhole('fit', 'gradAccumulation', gradAccumulation, 1)
    requireWhole('fit', 'evalEvery', options.evalEvery ?? 0)
    requireWhole('fit', 'checkpoint.every', checkpoint?.every ?? 0)
    requireWhole('fit', 'checkpoint.keep', checkpoint?.keep ?? 3, 1)
    requireWhole('fit', 'seed', seed)
    if (clipNorm !== undefined) requirePositive('fit', 'clipNorm', clipNorm)
    if (options.resume && !checkpoint)
      throw new SurprisalError('argument', 'fit: resume must come with a checkpoint store, got none')
    const source = batchSource(data)
    this.#model = model
    this.#options = options
    this.#batchesPerEpoch = source.batchesPerEpoch ?? null
    this.#steps = stepsOf(options, this.#batchesPerEpoch, gradAccumulation)
    const cells = [...model.parameters(), ...model.namedBuffers().map(([, buffer]) => buffer)]
    this.#ema = ema === undefined || ema instanceof EMA ? (ema ?? null) : new EMA(cells, ema)
    this.#lossScale = resolvePrecision(options.precision).lossScale
    this.#step = new TrainingStep({
      model,
      loss,
      source,
      optimizer,
      ema: this.#ema,
      gradAccumulation,
      clipNorm: clipNorm ?? null,
      lossScale: this.#lossScale,
      seed,
    })
    const parts = { model, optimizer, ...(this.#ema ? { ema: this.#ema } : {}) }
    this.#checkpoints = checkpoint ? new Checkpoints(checkpoint.store, checkpoint.keep ?? 3, parts) : null
  }

  async run(): Promise<FitResult> {
    const { signal, resume = false } = this.#options
    if (resume) this.#adopt((await this.#checkpoints?.resume(state => this.#requireSame(state))) ?? null)
    else await this.#checkpoints?.begin()
    const resumedFrom = this.#done
    let loss: number | null = null
    while (this.#done < this.#steps && !signal?.aborted) {
      loss = await this.#advance()
      await this.#afterStep()
    }
    return {
      step: this.#done,
      resumedFrom,
      loss,
      evaluations: this.#evaluations,
      reason: this.#done < this.#steps ? 'aborted' : 'done',
      checkpoint: this.#checkpoints?.last ?? null,
      ema: this.#ema,
    }
  }

  async #advance(): Promise<number> {
    const { schedule, optimizer, gradAccumulation = 1 } = this.#options
    const lr = rateAt(schedule, this.#done, this.#steps)
    const start = performance.now()
    const report = await this.#step.run(this.#done, lr)
    this.#speed.add((performance.now() - start) / 1000, report.samples, report.tokens)
    const { loss, gradNorm, skipped } = report
    const step = this.#done + 1
    if (!skipped && !Number.isFinite(loss))
      throw new SurprisalError(
        'argument',
        `fit: loss must be finite, got ${loss} at step ${step}; ${this.#checkpoints?.advice ?? 'no checkpoints are kept'}, ` +
          'with a lower learning rate or a clipNorm',
      )
    this.#done = step
    if (Number.isFinite(loss))
      this.#smoothedLoss = this.#smoothedLoss === null ? loss : 0.98 * this.#smoothedLoss + 0.02 * loss
    const progress: Progress = {
      step,
      steps: this.#steps,
      epoch: this.#batchesPerEpoch && Math.floor((step * gradAccumulation) / this.#batchesPerEpoch),
      loss,
      smoothedLoss: this.#smoothedLoss ?? loss,
      lr: lr ?? optimizer.groups[0].lr,
      gradNorm,
      skipped,
      samplesPerSecond: this.#speed.samplesPerSecond,
      tokensPerSecond: this.#speed.tokensPerSecond,
      secondsLeft: this.#speed.secondsPerStep * (this.#steps - step),
    }
    this.#options.progress?.(progress)
    for (const { onStep } of this.#options.callbacks ?? []) await onStep?.(progress)
    return loss
  }

  /** Evaluates and saves where it is time. */
  async #afterStep(): Promise<void> {
    const { evalEvery = 0, evalFn, checkpoint, callbacks = [] } = this.#options
    const isLast = this.#done === this.#steps
    const isTime = (every: number): boolean => every > 0 && this.#done % every === 0
    if (evalFn && (isLast || isTime(evalEvery))) {
      const evaluation = { step: this.#done, metric: await this.#evaluate(evalFn) }
      this.#evaluations.push(evaluation)
      for (const { onEvaluation } of callbacks) await onEvaluation?.(evaluation)
    }
    const isStopped = isLast || this.#options.signal?.aborted === true
    if (!this.#checkpoints || !(isStopped || isTime(checkpoint?.every ?? 0))) return
    const name = await this.#checkpoints.save(this.#state())
    for (const { onCheckpoint } of callbacks) await onCheckpoint?.(name, this.#done)
  }

  async #evaluate(evalFn: (model: M) => number | Promise<number>): Promise<number> {
    const { schedule } = this.#options
    this.#model.eval()
    try {
      const evaluate = (): number | Promise<number> => evalFn(this.#model)
      const metric = await (this.#ema ? this.#ema.swap(evaluate) : evaluate())
      if (schedule instanceof ReduceLROnPlateau) schedule.step(metric)
      return metric
    } finally {
      this.#model.train()
    }
  }

  #state(): TrainingState {
    const { schedule, checkpoint, gradAccumulation = 1, seed = 0 } = this.#options
    return {
      version: 1,
      step: this.#done,
      batch: this.#done * gradAccumulation,
      seed,
      gradAccumulation,
      batchesPerEpoch: this.#batchesPerEpoch,
      smoothedLoss: this.#smoothedLoss,
      plateau: schedule instanceof ReduceLROnPlateau ? schedule.stateDict() : null,
      lossScale: this.#lossScale instanceof DynamicLossScale ? this.#lossScale.stateDict() : null,
      config: checkpoint?.config ?? null,
    }
  }

  /** @throws {SurprisalError} `argument` when the steps to come would not be those of the training before */
  #requireSame(state: TrainingState): void {
    const own = this.#state()
    for (const name of ['seed', 'gradAccumulation', 'batchesPerEpoch'] as const)
      if (own[name] !== state[name])
        throw new SurprisalError('argument', `${name} must be ${state[name]} as before, got ${own[name]}`)
  }

  #adopt(state: TrainingState | null): void {
    if (!state) return
    const { schedule } = this.#options
    this.#done = state.step
    this.#smoothedLoss = state.smoothedLoss
    if (state.plateau && schedule instanceof ReduceLROnPlateau) schedule.loadStateDict(state.plateau)
    if (state.lossScale && this.#lossScale instanceof DynamicLossScale) this.#lossScale.loadStateDict(state.lossScale)
  }
}

function stepsOf(
  { steps, epochs }: { steps?: number; epochs?: number },
  batchesPerEpoch: number | null,
  gradAccumulation: number,
): number {
  if ((steps === undefined) === (epochs === undefined))
    throw new SurprisalError('argument', 'fit: options must have one of steps and epochs')
  if (steps !== undefined) {
    requireWhole('fit', 'steps', steps)
    return steps
  }
  requireWhole('fit', 'epochs', epochs as number)
  if (batchesPerEpoch === null)
    throw new SurprisalError('argument', 'fit: epochs must come with data that has an end, got a function; give steps')
  return Math.ceil(((epochs as number) * batchesPerEpoch) / gradAccumulation)
}

function rateAt(
  schedule: ScheduleOptions | ((step: number) => number) | ReduceLROnPlateau | undefined,
  step: number,
  steps: number,
): number | undefined {
  if (schedule === undefined) return undefined
  if (typeof schedule === 'function') return schedule(step)
  if (schedule instanceof ReduceLROnPlateau) return schedule.lr
  return learningRateAt(step, { totalSteps: steps, ...schedule })
}
