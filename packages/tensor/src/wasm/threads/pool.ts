import { SurprisalError } from '../../error.ts'
import type { KernelCall } from '../kernel-cache.ts'
import { createControl, type Failure, failureOf, gateBit, helperAt, helperWord, word } from './control.ts'
import { Gate } from './gate.ts'
import { ModuleLog } from './module-log.ts'
import { type Spawn, spawnWorker, type ThreadWorker } from './spawn.ts'
import type { RunOptions, Threads, ThreadsOptions } from './threads.ts'
import { workerSource } from './worker-source.ts'

/** Loads of the epoch, about 20 microseconds of them, before a helper sleeps. */
const helperSpins = 5_000

/** So many that the counter, which every thread takes one step too far, stays positive in an Int32. */
const mostChunks = 2 ** 30

/** See `createThreads`, which checks the arguments. */
export class ThreadPool implements Threads {
  readonly #control: Int32Array<SharedArrayBuffer>
  readonly #gate: Gate
  readonly #log: ModuleLog
  readonly #workers = new Map<number, ThreadWorker>()
  readonly #patience: number
  readonly #warn: (message: string) => void
  readonly #helpers: number
  readonly #eager: boolean
  #helped = 0
  #failures = 0
  #warned = false
  #scratch = 0

  constructor(memory: WebAssembly.Memory, helpers: number, options: ThreadsOptions) {
    const { spawn = spawnWorker, patience = 30_000, warn = console.warn, logBytes = 2 ** 22, eager = false } = options
    this.#control = createControl(helpers)
    this.#gate = new Gate(this.#control, patience)
    this.#log = new ModuleLog(this.#control, logBytes)
    this.#patience = patience
    this.#warn = warn
    this.#helpers = helpers
    this.#eager = eager
    for (let helper = 0; helper < helpers; helper++) this.#start(spawn, memory, helper)
  }

  get count(): number {
    return 1 + this.#workers.size
  }

  get helped(): number {
    return this.#helped
  }

  load(bytes: Uint8Array): void {
    if (this.#workers.size === 0) return
    this.#log.add(bytes)
    if (this.#log.flush(this.#workers)) this.#gate.wake()
  }

  run(
    id: number,
    local: KernelCall,
    args: number,
    units: number,
    grain: number,
    { begin = 0, milliseconds = Number.POSITIVE_INFINITY }: RunOptions = {},
  ): number {
    if (!(Number.isInteger(units) && units >= 0 && units < 2 ** 31))
      throw new SurprisalError('argument', `run: units must be an integer in 0..2147483647, got ${units}`)
    if (!(Number.isInteger(grain) && grain >= 1))
      throw new SurprisalError('argument', `run: grain must be a positive integer, got ${grain}`)
    const earlier = this.#collect()
    if (earlier) this.#warnOnce(earlier.cause)
    const end = performance.now() + milliseconds
    if (this.#workers.size > 0 && units - begin > grain) return this.#share(id, local, args, units, grain, begin, end)
    let unit = begin
    while (unit < units && (unit === begin || performance.now() < end)) {
      const next = milliseconds === Number.POSITIVE_INFINITY ? units : Math.min(unit + grain, units)
      local(args, unit, next, this.#scratch)
      unit = next
    }
    return unit
  }

  setScratch(pointers: readonly number[], own = 0): void {
    if (pointers.length !== this.#helpers)
      throw new SurprisalError(
        'argument',
        `setScratch: pointers must be ${this.#helpers}, one for each helper, got ${pointers.length}`,
      )
    pointers.forEach((pointer, helper) => {
      this.#control[helperAt(helper) + helperWord.scratch] = pointer
    })
    this.#scratch = own
  }

  shutdown(): void {
    for (const worker of this.#workers.values()) worker.terminate()
    this.#workers.clear()
  }

  #start(spawn: Spawn, memory: WebAssembly.Memory, helper: number): void {
    const data = {
      memory,
      control: this.#control.buffer,
      log: this.#log.buffer,
      helper,
      spins: helperSpins,
    }
    try {
      this.#workers.set(
        helper,
        spawn(workerSource, data, cause => this.#ended(helper, cause)),
      )
    } catch (cause) {
      this.#warnOnce(cause)
    }
  }

  #share(
    id: number,
    local: KernelCall,
    args: number,
    units: number,
    least: number,
    begin: number,
    end: number,
  ): number {
    const control = this.#control
    const grain = Math.max(least, Math.ceil(units / mostChunks))
    const first = Math.floor(begin / grain)
    const chunks = Math.ceil(units / grain)
    this.#log.flush(this.#workers)
    control[word.kernel] = id
    control[word.args] = args
    control[word.units] = units
    control[word.grain] = grain
    control[word.chunks] = chunks
    Atomics.store(control, word.next, first)
    this.#gate.open()
    if (this.#eager) this.#gate.letOthersBegin(first)
    let own = 0
    try {
      for (let chunk = Atomics.add(control, word.next, 1); chunk < chunks; chunk = Atomics.add(control, word.next, 1)) {
        const from = chunk * grain
        local(args, from, Math.min(from + grain, units), this.#scratch)
        own += 1
        if (performance.now() >= end) break
      }
    } catch (error) {
      Atomics.store(control, word.next, chunks)
      this.#close()
      throw error
    }
    const reached = Math.min(Atomics.exchange(control, word.next, chunks), chunks)
    this.#close()
    this.#helped += reached - first - own
    const failure = this.#collect()
    if (failure?.inCommand) throwDeath(failure.cause)
    if (failure) this.#warnOnce(failure.cause)
    return Math.min(reached * grain, units)
  }

  /** Waits for the helpers in the command. One that is stuck could take chunks of a later one: then all are ended. */
  #close(): void {
    const inside = this.#gate.close()
    if (inside === 0) return
    const stuck = [...this.#workers.keys()].filter(helper => inside & gateBit(helper))
    this.shutdown()
    throwDeath(new Error(`helper ${stuck.join(', ')} did not answer for ${this.#patience} ms`))
  }

  /** Forgets the helpers that have failed since the last time; one in a command, if any did, or else another. */
  #collect(): Failure | null {
    if (this.#control[word.failures] === this.#failures) return null
    this.#failures = this.#control[word.failures]
    const failures: Failure[] = []
    for (const [helper, worker] of this.#workers) {
      const failure = failureOf(this.#control, helper)
      if (!failure) continue
      failures.push(failure)
      worker.terminate()
      this.#workers.delete(helper)
    }
    return failures.find(failure => failure.inCommand) ?? failures[0] ?? null
  }

  #ended(helper: number, cause: unknown): void {
    if (this.#workers.delete(helper)) this.#warnOnce(failureOf(this.#control, helper)?.cause ?? cause)
  }

  #warnOnce(cause: unknown): void {
    if (this.#warned) return
    this.#warned = true
    this.#warn(`threads: a worker died, going on with fewer: ${cause}`)
  }
}

function throwDeath(cause: Error): never {
  throw new SurprisalError('device', 'threads: a worker died', { cause })
}
