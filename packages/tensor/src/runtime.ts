import { SurprisalError } from './error.ts'
import { type Executor, registerExecutor } from './executor.ts'
import { describe } from './operand.ts'
import { createReferenceExecutor } from './reference/executor.ts'
import { Engine } from './wasm/engine.ts'
import { supportsRelaxed, supportsSimd } from './wasm/support.ts'
import { defaultThreads, threadsAvailable } from './wasm/threads/support.ts'

/** Fresh memory in bytes after which the collector should have a turn. */
const turnAfter = 64 * 2 ** 20

let engine: Engine | null = null
let threads: number | null = null
let deterministic = false

/** The engine starts at the first read, so that importing the library costs next to nothing. */
function start(): Engine {
  if (engine) return engine
  if (!supportsSimd()) throw new SurprisalError('device', 'tensor: this runtime has no WebAssembly SIMD')
  engine = new Engine({ threads: threadCount(), relaxed: !deterministic && supportsRelaxed() })
  return engine
}

/** Begins again in the same memory, with other options. */
function restart(): void {
  if (!engine) return
  engine.close()
  const { arena, profiler } = engine
  engine = new Engine({ threads: threadCount(), relaxed: !deterministic && supportsRelaxed() }, arena)
  engine.profiler = profiler
}

const threadCount = (): number => (threadsAvailable() ? (threads ?? defaultThreads()) : 1)

const wasm: Executor = {
  name: 'wasm',
  *evaluate(targets, op) {
    return yield* start().evaluate(targets, op)
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

/** Plain loops in float64 over the primitives: the oracle of tests. */
export const referenceExecutor = createReferenceExecutor({ name: 'reference' })

registerExecutor(wasm)
registerExecutor(referenceExecutor)

/**
 * How many threads compute, the calling one included; where memory cannot be shared between threads it stays one.
 * Results are the same for any number.
 * @param count from 1 to 16; default min(4, cores)
 * @throws {SurprisalError} `argument` for another number
 */
export function setThreads(count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > 16)
    throw new SurprisalError('argument', `setThreads: count must be an integer from 1 to 16, got ${describe(count)}`)
  threads = count
  restart()
}

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

/** What the engine has compiled so far, for tests. */
export const compiledCounts = (): { kernels: number; plans: number } => start().compiled

export { setExecutor } from './executor.ts'
