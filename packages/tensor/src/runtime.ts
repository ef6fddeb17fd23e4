import { SurprisalError } from './error.ts'
import { type Executor, registerExecutor, setExecutor } from './executor.ts'
import { changeLoopLimits, type LoopLimits } from './fusion/loops/limits.ts'
import { describe } from './operand.ts'
import { Engine, type EngineOptions } from './wasm/engine.ts'
import { supportsRelaxed, supportsSimd } from './wasm/support.ts'
import { defaultThreads, threadsAvailable } from './wasm/threads/support.ts'

/** Fresh memory in bytes after which the collector should have a turn. */
const turnAfter = 64 * 2 ** 20

let engine: Engine | null = null
let threads: number | null = null
let eager = false
let deterministic = false

/** The engine starts at the first read, so that importing the library costs next to nothing. */
function start(): Engine {
  if (engine) return engine
  if (!supportsSimd()) throw new SurprisalError('device', 'tensor: this runtime has no WebAssembly SIMD')
  engine = new Engine(engineOptions())
  return engine
}

/** Begins again in the same memory, with other options. */
function restart(): void {
  if (!engine) return
  engine.close()
  const { arena, profiler } = engine
  engine = new Engine(engineOptions(), arena)
  engine.profiler = profiler
}

const engineOptions = (): EngineOptions => ({
  threads: threadsAvailable() ? (threads ?? defaultThreads()) : 1,
  relaxed: !deterministic && supportsRelaxed(),
  eager,
})

const wasm: Executor = {
  name: 'wasm',
  *evaluate(targets, op) {
    return yield* start().evaluate(targets, op)
  },
  prepare(targets) {
    let home: Engine | null = null
    let prepared: ReturnType<Engine['prepare']>
    return function* (op) {
      const engine = start()
      if (home !== engine) prepared = engine.prepare(targets)
      home = engine
      return yield* prepared(op)
    }
  },
  memory() {
    const { pooled, total } = engine?.arena.usage ?? { pooled: 0, total: 0 }
    return { pooled, arena: total }
  },
  setProfiler(profiler) {
    start().profiler = profiler
  },
  setMemoryLimit(bytes) {
    const { arena } = start()
    const before = arena.limit
    arena.limit = bytes
    return before
  },
  wantsTurn: () => engine !== null && engine.fresh >= turnAfter && engine.takeFresh() > 0,
}

registerExecutor(wasm)
setExecutor(wasm.name)

/** Options of {@link setThreads}. */
export interface ThreadOptions {
  /**
   * Whether threads share every kernel, however small, and wait for one another to take part: slow, for tests of
   * kernels. Default: false
   */
  readonly eager?: boolean
}

/**
 * How many threads compute, the calling one included; where memory cannot be shared between threads it stays one.
 * Results are the same for any number.
 * @param count from 1 to 16; default min(4, cores)
 * @throws {SurprisalError} `argument` for another number
 */
export function setThreads(count: number, options: ThreadOptions = {}): void {
  if (!Number.isInteger(count) || count < 1 || count > 16)
    throw new SurprisalError('argument', `setThreads: count must be an integer from 1 to 16, got ${describe(count)}`)
  threads = count
  eager = options.eager ?? false
  restart()
}

/** What threads do now; see {@link threadUse}. */
export interface ThreadUse {
  /** Threads at work, the calling one included. They start with the first plan of more than a millisecond. */
  readonly threads: number
  /** How many stretches of kernels threads other than the calling one have computed since `setThreads`. */
  readonly helped: number
}

/** How many threads are at work, and how much of it the calling one has been spared. */
export const threadUse = (): ThreadUse => engine?.threadUse ?? { threads: 1, helped: 0 }

/**
 * Whether to do without fused multiply-add where the machine has it, so that machines with and without it agree to the
 * bit. Slower in matrix products. Default: false
 * @throws {SurprisalError} `argument` for what is no boolean
 */
export function setDeterministic(on: boolean): void {
  if (typeof on !== 'boolean')
    throw new SurprisalError('argument', `setDeterministic: on must be a boolean, got ${describe(on)}`)
  if (deterministic === on) return
  deterministic = on
  restart()
}

/** Other limits of loops, for tests; null for those that were measured. */
export function setLoopLimits(limits: LoopLimits | null): void {
  changeLoopLimits(limits)
  restart()
}

/** What the engine has compiled so far, for tests. */
export const compiledCounts = (): Engine['compiled'] => start().compiled

export { setExecutor } from './executor.ts'
