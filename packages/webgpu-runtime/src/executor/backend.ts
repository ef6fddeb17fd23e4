import { SurprisalError } from '@surprisal/tensor'
import {
  type Backend,
  type Computed,
  createStorage,
  type Explanation,
  explainSteps,
  type Node,
  type Profile,
  sizeOf,
  trace,
} from '@surprisal/tensor/backend'
import type { Runtime } from '../runtime.ts'
import { bytesOf, compilePlan, type Plan } from './compile-plan.ts'
import { DeviceBlock, nameOf } from './device-block.ts'
import { type BackendOptions, createEngine, type Engine } from './engine.ts'
import { PlanRun } from './plan-run.ts'

const mebibytes = (bytes: number): string => `${Number((bytes / 2 ** 20).toFixed(1))} MiB`

/** Computes tensors on the device of a runtime. */
export class WebGpuBackend implements Backend {
  readonly device = 'webgpu'
  #engine: Engine
  readonly #again: (() => Promise<Runtime | null>) | null
  readonly #options: BackendOptions
  #renewing: Promise<boolean> | null = null
  #limit = Number.POSITIVE_INFINITY

  /**
   * @param again takes a device when that of the runtime was lost, null where there is none any more. Without it the
   *   runtime is another's to replace
   */
  constructor(runtime: Runtime, again: (() => Promise<Runtime | null>) | null = null, options: BackendOptions = {}) {
    this.#engine = createEngine(runtime, options)
    this.#again = again
    this.#options = options
  }

  get runtime(): Runtime {
    return this.#engine.runtime
  }

  isReady(): Promise<boolean> {
    if (!this.runtime.isLost || !this.#again) return Promise.resolve(true)
    // The answer that there is none holds until somebody registers another backend.
    this.#renewing ??= this.#renew(this.#again).catch(error => {
      this.#renewing = null
      throw error
    })
    return this.#renewing
  }

  async #renew(again: () => Promise<Runtime | null>): Promise<boolean> {
    const runtime = await again()
    if (!runtime) return false
    this.#engine = createEngine(runtime, this.#options)
    this.#renewing = null
    return true
  }

  async evaluate(targets: readonly Node[], op: string, wanted: readonly number[]): Promise<Computed> {
    const { runtime, runner, plans } = this.#engine
    const traced = trace(targets)
    const plan = plans.for(traced)
    this.#checkLimit(plan, op)
    const run = new PlanRun(runtime, runner, plan, traced.nodes)
    const { outputs, elements } = await run.run(op, wanted)
    const storages = outputs.map((buffer, i) => {
      const { dtype, shape } = targets[i]
      return createStorage(dtype, sizeOf(shape), new DeviceBlock(runtime, buffer, { label: nameOf(targets[i]) }))
    })
    return { storages, elements }
  }

  explain(targets: readonly Node[]): Explanation {
    const { source, steps, temporaryBytes } = compilePlan(trace(targets), this.#engine.options)
    const kernels = source.steps.map((_, at) => {
      const own = steps.filter(step => step.source === at)
      if (own.some(({ lowered }) => lowered === null)) return null
      const all = own.flatMap(({ lowered }) => lowered?.kernels ?? [])
      return { dispatches: all.filter(({ groups }) => groups > 0).length }
    })
    return explainSteps(source, { device: 'webgpu', temporaryBytes, kernels })
  }

  memory(): { pooled: number; arena: number } {
    const { live, pooled } = this.runtime.memory()
    return { pooled, arena: live + pooled }
  }

  async profile<T>(fn: () => T | Promise<T>): Promise<Profile<T>> {
    const { value, rows } = await this.runtime.profile(async () => fn())
    return {
      value,
      rows: rows.map(({ kernel, dispatches, gpuMs, bytes }) => ({
        kernel,
        calls: dispatches,
        milliseconds: gpuMs,
        bytes,
      })),
    }
  }

  setMemoryLimit(bytes: number): number {
    const before = this.#limit
    this.#limit = bytes
    return before
  }

  /** Refuses a plan before it runs when what it needs beside what is in use exceeds the limit. */
  #checkLimit({ source, steps, temporaryBytes, outputBytes }: Plan, op: string): void {
    const needs = this.runtime.memory().live + temporaryBytes + outputBytes
    if (needs <= this.#limit) return
    const { values, outputs } = source
    const made = [...outputs, ...steps.flatMap(({ makes }) => makes)].map(value => values[value])
    const largest = made.reduce((a, b) => (bytesOf(b) > bytesOf(a) ? b : a))
    const { op: name, shape } = largest.node
    throw new SurprisalError(
      'memory',
      `${op}: plan needs ${mebibytes(needs)}, limit is ${mebibytes(this.#limit)} (largest: ${name} [${shape.join(', ')}] ${mebibytes(bytesOf(largest))})`,
    )
  }
}
