import type { DType, HostArray } from '../../dtype.ts'
import { explainSteps } from '../../explain-steps.ts'
import { planSteps } from '../../fusion/steps.ts'
import { trace } from '../../fusion/trace.ts'
import type { Node } from '../../graph/node.ts'
import { type Block, createStorage } from '../../graph/storage.ts'
import { createReferenceExecutor } from '../../reference/executor.ts'
import { schedule } from '../../schedule.ts'
import { nextTurn } from '../../turn.ts'
import { isFusible } from '../../wasm/compile-plan.ts'
import type { Backend } from '../backend.ts'

/** Memory that is read by waiting only, but for the backend's own plain loops. */
class FarBlock implements Block {
  static isNear = false
  readonly device = 'webgpu'
  freed = false
  readonly #data: HostArray

  constructor(data: HostArray) {
    this.#data = data
  }

  read(): HostArray {
    if (!FarBlock.isNear) throw new Error('far memory was read at once')
    return this.#data
  }

  async load(_: DType, size: number): Promise<HostArray> {
    await nextTurn()
    return this.#data.slice(0, size)
  }

  free(): void {
    this.freed = true
  }
}

/** A device in the place of a GPU that computes by plain loops, a turn of the event loop later. */
export class FarBackend implements Backend {
  readonly device = 'webgpu'
  /** What it was asked to compute, and which of it was wanted: names of ops. */
  readonly asked: string[][] = []
  readonly wanted: (readonly number[])[] = []
  limit = Number.POSITIVE_INFINITY
  isThere = true
  readonly #executor = createReferenceExecutor({ name: 'far' })

  async isReady(): Promise<boolean> {
    return this.isThere
  }

  async evaluate(targets: readonly Node[], op: string, wanted: readonly number[]) {
    this.asked.push(targets.map(target => target.op))
    this.wanted.push(wanted)
    FarBlock.isNear = true
    let results: HostArray[]
    try {
      results = this.#executor.run(schedule(targets, op))
    } finally {
      FarBlock.isNear = false
    }
    await nextTurn()
    const storages = results.map((data, i) => createStorage(targets[i].dtype, data.length, new FarBlock(data.slice())))
    return { storages, elements: new Map(wanted.map(at => [at, results[at].slice()])) }
  }

  explain(targets: readonly Node[]) {
    const steps = planSteps(trace(targets), isFusible)
    const kernels = steps.steps.map((_, i) => ({ dispatches: i }))
    return explainSteps(steps, { device: this.device, temporaryBytes: 5, kernels })
  }

  memory() {
    return { pooled: 7, arena: 11 }
  }

  async profile<T>(fn: () => T | Promise<T>) {
    return { value: await fn(), rows: [{ kernel: 'far', calls: this.asked.length, milliseconds: null, bytes: 3 }] }
  }

  setMemoryLimit(bytes: number): number {
    const before = this.limit
    this.limit = bytes
    return before
  }
}
