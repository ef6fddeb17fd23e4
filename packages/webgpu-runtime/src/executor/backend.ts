import { SurprisalError } from '@surprisal/tensor'
import {
  type Backend,
  type Computed,
  createStorage,
  type Node,
  type Profile,
  sizeOf,
  trace,
} from '@surprisal/tensor/backend'
import { GroupRunner } from '../groups/group-runner.ts'
import type { Runtime } from '../runtime.ts'
import { checkSizes } from './check-size.ts'
import { bytesOf, compilePlan, type Plan } from './compile-plan.ts'
import { DeviceBlock } from './device-block.ts'
import { PlanCache } from './plan-cache.ts'
import { PlanRun } from './plan-run.ts'

const mebibytes = (bytes: number): string => `${Number((bytes / 2 ** 20).toFixed(1))} MiB`

/** Computes tensors on the device of a runtime. */
export class WebGpuBackend implements Backend {
  readonly device = 'webgpu'
  readonly runtime: Runtime
  readonly #runner: GroupRunner
  readonly #plans: PlanCache
  #limit = Number.POSITIVE_INFINITY

  constructor(runtime: Runtime) {
    const { limits, isSoftware } = runtime
    this.runtime = runtime
    this.#runner = new GroupRunner(runtime)
    this.#plans = new PlanCache(traced => {
      const plan = compilePlan(traced, { limits, adapter: isSoftware ? 'software' : 'gpu', checkIndices: true })
      checkSizes(plan, limits)
      return plan
    })
  }

  async evaluate(targets: readonly Node[], op: string, wanted: readonly number[]): Promise<Computed> {
    const traced = trace(targets)
    const plan = this.#plans.for(traced)
    this.#checkLimit(plan, op)
    const run = new PlanRun(this.runtime, this.#runner, plan, traced.nodes)
    const { outputs, elements } = await run.run(op, wanted)
    const storages = outputs.map((buffer, i) => {
      const { dtype, shape } = targets[i]
      return createStorage(dtype, sizeOf(shape), new DeviceBlock(this.runtime, buffer))
    })
    return { storages, elements }
  }

  memory(): { pooled: number; arena: number } {
    const { live, pooled } = this.runtime.memory()
    return { pooled, arena: live + pooled }
  }

  async profile<T>(fn: () => T | Promise<T>): Promise<Profile<T>> {
    const { value, rows } = await this.runtime.profile(async () => fn())
    return {
      value,
      rows: rows.map(({ kernel, dispatches, gpuMs }) => ({
        kernel,
        calls: dispatches,
        milliseconds: gpuMs ?? Number.NaN,
      })),
    }
  }

  setMemoryLimit(bytes: number): number {
    const before = this.#limit
    this.#limit = bytes
    return before
  }

  /** Refuses a plan before it runs when what it needs beside what is in use exceeds the limit. */
  #checkLimit({ source, temporaryBytes, outputBytes }: Plan, op: string): void {
    const needs = this.runtime.memory().live + temporaryBytes + outputBytes
    if (needs <= this.#limit) return
    const { values, outputs, steps } = source
    const made = [...outputs, ...steps.flatMap(({ makes }) => makes)].map(value => values[value])
    const largest = made.reduce((a, b) => (bytesOf(b) > bytesOf(a) ? b : a))
    const { op: name, shape } = largest.node
    throw new SurprisalError(
      'memory',
      `${op}: plan needs ${mebibytes(needs)}, limit is ${mebibytes(this.#limit)} (largest: ${name} [${shape.join(', ')}] ${mebibytes(bytesOf(largest))})`,
    )
  }
}
