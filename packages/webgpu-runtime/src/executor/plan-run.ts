import {
  type DType,
  type HostArray,
  type Node,
  releaseStorage,
  type Storage,
  sizeOf,
  type Value,
} from '@surprisal/tensor/backend'
import type { DeviceBuffer } from '../buffers/pool.ts'
import type { GroupRunner } from '../groups/group-runner.ts'
import type { Runtime } from '../runtime.ts'
import { elementsIn } from '../steps/lower-step.ts'
import { packElements, unpackElements } from '../wgsl/elements-of-host.ts'
import { wordsPerCheck, wrongIndex } from '../wgsl/index-checks.ts'
import { scalarWords } from '../wgsl/scalar-words.ts'
import { bytesOf, type Plan, type PlanStep } from './compile-plan.ts'
import { nameOf } from './device-block.ts'
import { runOnHost } from './host-step.ts'
import { leafBuffer } from './leaf-buffer.ts'
import type { Copy } from './unroll-loop.ts'

/** What a plan has computed. */
export interface PlanResult {
  /** The buffer of each output, which is the caller's now. */
  readonly outputs: readonly DeviceBuffer[]
  /** The elements of the outputs that were wanted on the host, by their places. */
  readonly elements: ReadonlyMap<number, HostArray>
}

/** One run of a plan over the values and numbers of a trace. */
export class PlanRun {
  readonly #runtime: Runtime
  readonly #runner: GroupRunner
  readonly #plan: Plan
  readonly #nodes: readonly Node[]
  /** By value; those that this run has made or uploaded are its own until they are freed or given away. */
  readonly #buffers = new Map<number, DeviceBuffer>()
  readonly #own = new Set<number>()
  #status: DeviceBuffer | null = null
  /** What nobody may free while the plan waits for the host. */
  readonly #held: Storage[] = []

  constructor(runtime: Runtime, runner: GroupRunner, plan: Plan, nodes: readonly Node[]) {
    this.#runtime = runtime
    this.#runner = runner
    this.#plan = plan
    this.#nodes = nodes
  }

  /**
   * Everything is recorded before it first waits, unless a step has no kernel.
   * @param op names the read in messages
   * @param wanted places of outputs whose elements are to come along
   */
  async run(op: string, wanted: readonly number[]): Promise<PlanResult> {
    try {
      this.#begin(op)
      for (const step of this.#plan.steps) {
        if (step.lowered) this.#record(step, step.lowered)
        else await this.#runOnHost(step)
        for (const value of step.dying) this.#free(value)
      }
      return await this.#finish(wanted)
    } catch (error) {
      for (const value of [...this.#own]) this.#free(value)
      throw error
    } finally {
      this.#status?.free()
      for (const storage of this.#held) releaseStorage(storage)
    }
  }

  #begin(op: string): void {
    const { leaves, numbers, checks, source, steps } = this.#plan
    const waits = steps.some(({ lowered }) => lowered === null)
    for (const leaf of leaves) {
      const node = this.#nodeOf(source.values[leaf])
      const storage = node.storage as Storage
      this.#buffers.set(leaf, leafBuffer(this.#runtime, storage, op, nameOf(node)))
      if (waits) this.#hold(storage)
    }
    for (const number of numbers) {
      const { primitive, dtype } = this.#nodeOf(source.values[number])
      const { value } = primitive as { value: number }
      this.#take(number, this.#runtime.upload(packElements(dtype, Float32Array.of(value))))
    }
    if (checks.length === 0) return
    this.#status = this.#runtime.alloc(4 * wordsPerCheck * checks.length, 'status')
    this.#runtime.clear(this.#status)
  }

  #hold(storage: Storage): void {
    storage.sharers += 1
    this.#held.push(storage)
  }

  #record(
    { step, name, buffers, status, makes, before, after }: PlanStep,
    lowered: NonNullable<PlanStep['lowered']>,
  ): void {
    for (const value of makes) this.#make(value)
    this.#copy(before)
    this.#runner.runStep({
      name,
      step: lowered,
      buffers: buffers.map(value => (value === null ? null : this.#bufferOf(value))),
      scalars: step.kind === 'single' ? [] : step.scalars.map(s => scalarWords(this.#nodes[s.position], s.what)),
      ...(this.#status && { status: { buffer: this.#status, first: status } }),
    })
    this.#copy(after)
  }

  #copy(copies: readonly Copy[]): void {
    for (const { from, fromByte, to, toByte, bytes } of copies)
      this.#runtime.copy(this.#bufferOf(from), fromByte, this.#bufferOf(to), toByte, bytes)
  }

  /** Reads operands back, computes on the host and uploads. */
  async #runOnHost({ step }: PlanStep): Promise<void> {
    if (step.kind !== 'single') return
    const { values } = this.#plan.source
    const [made] = step.makes
    const bases = [...new Set(step.reads.map(({ base }) => base))]
    const bytes = await this.#runtime.readAll(bases.map(base => ({ buffer: this.#bufferOf(base) })))
    const data = bases.map((base, i) => unpackElements(values[base].node.dtype, bytes[i], elementsIn(values[base])))
    const operands = step.reads.map(({ base, map }) => ({
      data: data[bases.indexOf(base)],
      dtype: values[base].node.dtype,
      map,
    }))
    const node = this.#nodeOf(values[made])
    this.#take(made, this.#runtime.upload(packElements(node.dtype, runOnHost(node, operands))))
  }

  async #finish(wanted: readonly number[]): Promise<PlanResult> {
    const { source, checks } = this.#plan
    const outputs = source.outputs.map(value => this.#bufferOf(value))
    const buffers = wanted.map(place => outputs[place])
    const ranges = this.#status ? [this.#status, ...buffers] : buffers
    if (ranges.length === 0) {
      await this.#runtime.idle()
      return { outputs, elements: new Map() }
    }
    const parts = await this.#runtime.readAll(ranges.map(buffer => ({ buffer })))
    if (this.#status) {
      const wrong = wrongIndex(checks, new Uint32Array(parts.shift() as ArrayBuffer))
      if (wrong) throw wrong
    }
    const elements = wanted.map((place, i): [number, HostArray] => {
      const { dtype, shape } = source.values[source.outputs[place]].node
      return [place, unpackElements(dtype, parts[i], sizeOf(shape))]
    })
    return { outputs, elements: new Map(elements) }
  }

  #nodeOf({ position }: Value): Node {
    return this.#nodes[position]
  }

  #bufferOf(value: number): DeviceBuffer {
    return this.#buffers.get(value) as DeviceBuffer
  }

  #make(value: number): void {
    const { node } = this.#plan.source.values[value]
    this.#take(value, this.#runtime.alloc(bytesOf(this.#plan.source.values[value]), label(node.op, node)))
  }

  #take(value: number, buffer: DeviceBuffer): void {
    this.#buffers.set(value, buffer)
    this.#own.add(value)
  }

  #free(value: number): void {
    if (this.#own.delete(value)) this.#bufferOf(value).free()
  }
}

/** What memory is for, in messages. */
const label = (op: string, { shape, dtype }: { readonly shape: readonly number[]; readonly dtype: DType }): string =>
  `${op} [${shape.join(', ')}] ${dtype}`
