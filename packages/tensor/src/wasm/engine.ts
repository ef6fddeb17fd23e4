import { bytesPerElement, hostArray } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { labelOf } from '../fusion/label.ts'
import type { LoopStep } from '../fusion/steps.ts'
import { type Trace, trace } from '../fusion/trace.ts'
import type { Read, Value } from '../fusion/values.ts'
import type { Node } from '../graph/node.ts'
import { countPassing, createStorage, type Storage } from '../graph/storage.ts'
import { fallbackLoops } from '../reference/loops.ts'
import { sizeOf } from '../shape.ts'
import { Arena, type Span } from './arena.ts'
import { ArenaBlock, addressOf } from './arena-block.ts'
import { compilePlan } from './compile-plan.ts'
import type { Check, CompiledPart, CompiledPlan, CompiledStep, ScalarPatch } from './compiled-plan.ts'
import { KernelCache } from './kernel-cache.ts'
import { checkLimit } from './memory-limit.ts'
import { createThreads } from './threads/create-threads.ts'
import type { Threads } from './threads/threads.ts'

/** Plans that are kept, the latest used. */
const mostPlans = 256
/** Work in nanoseconds from which on threads are started, and from which on a kernel is given to them. */
const startCost = 1_000_000
const shareCost = 30_000
/** Work in nanoseconds between two places where a read may be left. */
const pauseCost = 50_000
/** Stretches into which eager threads cut a kernel. */
const eagerShares = 8
/** Milliseconds that threads may work on a kernel before the event loop can have a turn. */
const sliceMilliseconds = 5

/** Options of {@link Engine}. */
export interface EngineOptions {
  /** Threads, the calling one included. */
  readonly threads: number
  /** Whether kernels may use relaxed SIMD. */
  readonly relaxed: boolean
  /** Whether threads share every kernel that has several units, however small. */
  readonly eager: boolean
}

/** Fused kernels generated as WebAssembly, over one memory, on several threads. */
export class Engine {
  readonly #arena: Arena
  readonly #options: EngineOptions
  readonly #kernels: KernelCache
  readonly #plans = new Map<number, CompiledPlan[]>()
  #planCount = 0
  #clock = 0
  #misses = 0
  #temporary: Span | null = null
  #scratch: Span[] = []
  #threads: Threads | null = null
  #addresses = new Int32Array(64)
  #fresh = 0
  /** Told of each step's time while it is set. */
  profiler: ((kernel: string, milliseconds: number) => void) | null = null

  constructor(options: EngineOptions, arena = new Arena()) {
    this.#options = options
    this.#arena = arena
    this.#kernels = new KernelCache(arena, options.relaxed)
  }

  get arena(): Arena {
    return this.#arena
  }

  /** How many kernels have been compiled, how many plans are kept, and how many have been made. */
  get compiled(): { kernels: number; plans: number; misses: number } {
    return { kernels: this.#kernels.compiled, plans: this.#planCount, misses: this.#misses }
  }

  /** Threads at work, and how many stretches of kernels helpers have done. */
  get threadUse(): { threads: number; helped: number } {
    return { threads: this.#threads?.count ?? 1, helped: this.#threads?.helped ?? 0 }
  }

  /** Bytes of values that did not fit what was free, since they were taken. */
  get fresh(): number {
    return this.#fresh
  }

  takeFresh(): number {
    const fresh = this.#fresh
    this.#fresh = 0
    return fresh
  }

  /** Ends the threads and gives back what plans hold. Values stay where they are. */
  close(): void {
    this.#threads?.shutdown()
    this.#threads = null
    while (this.#planCount > 0) this.#dropOldest()
    for (const span of this.#scratch) this.#arena.free(span)
    this.#scratch = []
    if (this.#temporary) this.#arena.free(this.#temporary)
    this.#temporary = null
  }

  evaluate(targets: readonly Node[], op: string): Generator<void, Storage[], void> {
    return this.#execute(trace(targets), op)
  }

  /** Traces once what is evaluated often; leaves and numbers are read at each evaluation. */
  prepare(targets: readonly Node[]): (op: string) => Generator<void, Storage[], void> {
    const traced = trace(targets)
    const kept = { ...traced, key: traced.key.slice() }
    return op => this.#execute(kept, op)
  }

  *#execute(traced: Trace, op: string): Generator<void, Storage[], void> {
    const plan = this.#planFor(traced)
    const outputs: Span[] = []
    checkLimit(plan, this.#arena, op)
    countPassing(plan.temporaryBytes + plan.outputBytes)
    try {
      this.#bind(plan, traced, outputs, op)
      let cost = 0
      for (const step of plan.steps) {
        const { profiler } = this
        if (step.cost < shareCost && !profiler && !this.#options.eager && step.launches.length > 0) {
          this.#runShort(step)
          cost += step.cost
          if (cost < pauseCost) continue
          cost = 0
          yield
          continue
        }
        const before = profiler ? performance.now() : 0
        yield* this.#run(step, plan, traced)
        profiler?.(labelOf(step.step, plan.source.values), performance.now() - before)
      }
    } catch (error) {
      for (const span of outputs) this.#arena.free(span)
      throw error
    }
    return outputs.map((span, i) => {
      const { dtype, shape } = traced.nodes[traced.targets[i]]
      return createStorage(dtype, sizeOf(shape), new ArenaBlock(this.#arena, span))
    })
  }

  #planFor(traced: Trace): CompiledPlan {
    this.#clock += 1
    const known = this.#plans.get(traced.hash)?.find(plan => sameWords(plan.key, traced.key))
    const plan = known ?? this.#addPlan(traced)
    plan.used = this.#clock
    return plan
  }

  #addPlan(traced: Trace): CompiledPlan {
    this.#misses += 1
    const plan = compilePlan(traced, this.#arena, this.#kernels, this.#options, bytes => this.#threads?.load(bytes))
    if (this.#planCount >= mostPlans) this.#dropOldest()
    const list = this.#plans.get(traced.hash)
    if (list) list.push(plan)
    else this.#plans.set(traced.hash, [plan])
    this.#planCount += 1
    return plan
  }

  /** Drops the plan that has not been used for the longest time. */
  #dropOldest(): void {
    let oldest: { hash: number; plan: CompiledPlan } | null = null
    for (const [hash, plans] of this.#plans)
      for (const plan of plans) if (!oldest || plan.used < oldest.plan.used) oldest = { hash, plan }
    if (!oldest) return
    const { hash, plan } = oldest
    this.#arena.free(plan.span)
    this.#planCount -= 1
    const others = (this.#plans.get(hash) as CompiledPlan[]).filter(other => other !== plan)
    if (others.length > 0) this.#plans.set(hash, others)
    else this.#plans.delete(hash)
  }

  /** Fills in what differs from run to run: addresses and numbers. */
  #bind(plan: CompiledPlan, { nodes }: Trace, outputs: Span[], op: string): void {
    const arena = this.#arena
    const { values, outputs: made } = plan.source
    const size = plan.addresses
    if (this.#addresses.length < size) this.#addresses = new Int32Array(2 * size)
    const addresses = this.#addresses
    for (const leaf of plan.leaves)
      addresses[leaf] = addressOf(arena, nodes[values[leaf].position].storage as Storage, op)
    for (const value of made) {
      const { shape, dtype } = values[value].node
      const span = arena.allocate(sizeOf(shape) * bytesPerElement[dtype], op)
      if (span.fresh) this.#fresh += span.capacity
      outputs.push(span)
      addresses[value] = span.address
    }
    this.#reserve(plan, op)
    const base = this.#temporary?.address ?? 0
    for (const [value, offset] of plan.temporaries) addresses[value] = base + offset
    for (const { value, address } of plan.numbers) {
      addresses[value] = address
      const { dtype, primitive } = nodes[values[value].position]
      arena.write(address, dtype, [(primitive as { value: number }).value])
    }
    const { words } = arena
    const { pointers } = plan
    for (let i = 0; i < pointers.length; i += 2) words[pointers[i]] = addresses[pointers[i + 1]]
    for (const scalar of plan.scalars) this.#writeScalar(scalar, nodes[scalar.position])
  }

  #writeScalar({ address, what }: ScalarPatch, { primitive, dtype }: Node): void {
    const { words, doubles } = this.#arena
    if (primitive.kind === 'random') words.set(primitive.key, address / 4)
    else if (primitive.kind === 'iota') doubles[address / 8] = what === 'start' ? primitive.start : primitive.step
    else if (primitive.kind === 'constant') {
      if (dtype === 'float32' || dtype === 'float16') floatBits[0] = primitive.value
      else integerBits[0] = primitive.value
      words[address / 4] = integerBits[0]
    }
  }

  /** Makes room for temporaries and scratch memory, and starts threads when there is enough to do. */
  #reserve(plan: CompiledPlan, op: string): void {
    if (plan.temporaryBytes > (this.#temporary?.capacity ?? 0)) {
      if (this.#temporary) this.#arena.free(this.#temporary)
      this.#temporary = null
      this.#temporary = this.#arena.allocate(plan.temporaryBytes, op)
    }
    const helpers = this.#options.threads - 1
    const starts = !this.#threads && helpers > 0 && (this.#options.eager || plan.cost >= startCost)
    if (starts) {
      this.#threads = createThreads(this.#arena.memory, helpers, { eager: this.#options.eager })
      for (const bytes of this.#kernels.modules) this.#threads.load(bytes)
    }
    const count = this.#threads ? helpers + 1 : 1
    if (!starts && this.#scratch.length === count && plan.scratchBytes <= this.#scratch[0].capacity) return
    const bytes = Math.max(plan.scratchBytes, this.#scratch[0]?.capacity ?? 0)
    for (const span of this.#scratch) this.#arena.free(span)
    this.#scratch = []
    for (let i = 0; i < count; i++) this.#scratch.push(this.#arena.allocate(bytes, op))
    const [own, ...others] = this.#scratch.map(span => span.address)
    this.#threads?.setScratch(others, own)
  }

  /** The kernels of a step that is over before anybody else would want a turn. */
  #runShort({ launches, checks }: CompiledStep): void {
    const scratch = this.#scratch[0].address
    for (const { kernel, args, units } of launches) {
      kernel.call(args, 0, units, scratch)
      if (checks) this.#check(args, checks)
    }
  }

  *#run(compiled: CompiledStep, plan: CompiledPlan, traced: Trace): Generator<void, void, void> {
    const { step, launches, checks, parts } = compiled
    if (step.kind === 'loop') {
      for (const part of parts ?? []) yield* this.#runPart(step, part, plan, traced)
      return
    }
    const { nodes } = traced
    if (step.kind === 'single' && launches.length === 0) {
      const [made] = step.makes
      this.#runLoops(made, step.reads, plan.source.values, nodes[plan.source.values[made].position])
      return
    }
    const scratch = this.#scratch[0].address
    const { eager } = this.#options
    const milliseconds = sliceMilliseconds
    for (const { kernel, args, units, grain, cost } of launches) {
      const share = eager ? Math.ceil(units / eagerShares) : grain
      if (this.#threads && (eager || cost >= shareCost) && units > share)
        for (let begin = 0; begin < units; ) {
          begin = this.#threads.run(kernel.id, kernel.call, args, units, share, { begin, milliseconds })
          yield
        }
      else
        for (let begin = 0; begin < units; begin += grain) {
          kernel.call(args, begin, Math.min(begin + grain, units), scratch)
          yield
        }
      if (checks) this.#check(args, checks)
    }
  }

  /** The kernels of a loop, for each batch and each block of rows. */
  *#runPart({ counts }: LoopStep, { from, to, block, body }: CompiledPart, plan: CompiledPlan, traced: Trace) {
    const { words } = this.#arena
    const at = counts.map(() => 0)
    const batches = counts.reduce((product, count) => product * count, 1)
    for (let batch = 0; batch < batches; batch++) {
      for (let row = from; row < to; row += block)
        for (const { first, later, moving } of body) {
          for (const { word, value, bytes } of moving) {
            let address = this.#addresses[value] + row * bytes[counts.length]
            for (let c = 0; c < counts.length; c++) address += at[c] * bytes[c]
            words[word] = address
          }
          yield* this.#run(row > 0 && later ? later : first, plan, traced)
        }
      for (let c = counts.length - 1; c >= 0; c--) {
        at[c] += 1
        if (at[c] < counts[c]) break
        at[c] = 0
      }
    }
  }

  #check(args: number, checks: readonly Check[]): void {
    const { words } = this.#arena
    const [status, value] = words.subarray(args / 4, args / 4 + 2)
    if (status === 0) return
    words.fill(0, args / 4, args / 4 + 2)
    const check = checks[status - 1]
    if (!check) throw new SurprisalError('index', `index ${value} is out of range`)
    const { op, dim, size } = check
    throw new SurprisalError('index', `${op}: index ${value} is out of range for dim ${dim} with size ${size}`)
  }

  /** The plain loops of a primitive, over views of the arena. */
  #runLoops(made: number, reads: readonly Read[], values: readonly Value[], node: Node): void {
    const { primitive, dtype, shape, op } = node
    const read = ({ base, map }: Read) => {
      const { node: source } = values[base]
      const size = values[base].role === 'number' ? 1 : sizeOf(source.shape)
      return { data: this.#arena.read(this.#addresses[base], source.dtype, size), dtype: source.dtype, map }
    }
    const operands = reads.map(read)
    const address = this.#addresses[made]
    const size = sizeOf(shape)
    const out = dtype === 'float16' ? hostArray(dtype, size) : this.#arena.read(address, dtype, size)
    const kernel = { primitive, op, dtype, shape, operands: [], output: 0 }
    fallbackLoops[primitive.kind]?.(kernel, operands, out)
    if (dtype === 'float16') this.#arena.write(address, dtype, out)
  }
}

const floatBits = new Float32Array(1)
const integerBits = new Int32Array(floatBits.buffer)

function sameWords(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
