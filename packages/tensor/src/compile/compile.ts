import { defaultDevice, otherDevices } from '../device.ts'
import { SurprisalError } from '../error.ts'
import { run, runAsync, type Work } from '../evaluate.ts'
import { currentExecutor, type Executor } from '../executor.ts'
import { describe, isOptions } from '../operand.ts'
import { cellValue } from '../parameter.ts'
import { nodeOf } from '../tensor.ts'
import { Call } from './call.ts'
import { type Arguments, matches, patternOf } from './pattern.ts'
import { forget, type Recording, record } from './recording.ts'
import { currentTracing } from './tracing.ts'

/** Kinds of arguments for which a graph is kept. */
const mostRecordings = 64

type Prepared = (op: string) => Work

/** A recording, and what the executor that ran it last has made of it. */
interface Entry {
  readonly recording: Recording
  executor: Executor | null
  prepared: Prepared | null
}

/** Options of {@link compile}. */
export interface CompileOptions {
  /**
   * Places of arguments that are not tensors inside: another value is another kind of arguments. For numbers that are
   * sizes, dims or conditions. Default: none
   */
  readonly static?: readonly number[]
}

/** A function whose graph is built once for each kind of arguments. */
export interface Compiled<A extends unknown[], R> {
  /** Computes at once. */
  (...args: A): R
  /** Computes while the event loop has its turns. */
  async(...args: A): Promise<R>
  /** Lets go of the graphs that are kept, and of the tensors that they need. Later calls begin anew. */
  dispose(): void
  [Symbol.dispose](): void
}

/**
 * `fn` without the cost of building its graph in every call: it runs once for each kind of arguments, and its graph is
 * computed again for others of that kind. Results equal those of `fn` to the bit. A call computes before it returns.
 *
 * - Arguments are of one kind if their tensors agree in dtype, in shape and in which are the same tensor, inside of
 *   lists and plain objects too. Numbers are tensors of rank 0 inside of `fn`, adapt to other operands as numbers do,
 *   and may differ from call to call; list the places of those that ops need as numbers in `static`. All else
 *   (booleans, texts, parameters, modules) is of one kind with itself only.
 * - Parameters are read at each call, wherever `fn` has them from; what it assigns to them is assigned after each call.
 * - Random keys must be arguments: a key that `fn` makes of a number of its own is the same in every call. Whatever
 *   else it reads (counters, flags, the time) is read once for each kind of arguments.
 * - Where another device than the CPU has to do with a call, it is one of `fn` itself, and computes when it is read.
 * - Gradients pass through results to arguments, parameters and captured tensors.
 *
 * @param fn tensors to tensors, without reading one; may take and give lists and plain objects of them
 * @throws {SurprisalError} `argument` for what is no function and, at a call, for a function that reads a tensor, makes
 * a `Parameter` or is asynchronous
 */
export function compile<A extends unknown[], R>(fn: (...args: A) => R, options: CompileOptions = {}): Compiled<A, R> {
  if (typeof fn !== 'function')
    throw new SurprisalError('argument', `compile: fn must be a function, got ${describe(fn)}`)
  const fixed = isOptions(options) ? (options.static ?? []) : null
  if (!Array.isArray(fixed) || !fixed.every(place => Number.isInteger(place) && place >= 0))
    throw new SurprisalError('argument', 'compile: static must be a list of places of arguments')
  const entries: Entry[] = []
  const found: Arguments = { tensors: [], nodes: [], numbers: [] }

  const entryOf = (args: A): Entry => {
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]
      if (!matches(entry.recording.pattern, args, found)) continue
      if (i > 0) entries.unshift(...entries.splice(i, 1))
      return entry
    }
    const pattern = patternOf(args, fixed)
    matches(pattern, args, found)
    const recording = record(fn, pattern, found)
    if (entries.length >= mostRecordings) forget((entries.pop() as Entry).recording)
    entries.unshift({ recording, executor: null, prepared: null })
    return entries[0]
  }

  const begin = (args: A) => {
    const entry = entryOf(args)
    const call = new Call(entry.recording, found)
    const work = () => call.work(() => prepare(entry))
    return { call, work, store: (storages: Parameters<Call['store']>[0]) => call.store(storages) }
  }
  const isElsewhere = (args: A): boolean => {
    const others = otherDevices()
    if (!others || defaultDevice() !== 'cpu') return others !== null
    const { captured, parameters } = entryOf(args).recording
    return others.concerns([...found.nodes, ...captured, ...parameters.map(cell => nodeOf(cellValue(cell), 'compile'))])
  }
  const compiled = (...args: A): R => {
    if (currentTracing() || isElsewhere(args)) return fn(...args)
    const { call, work, store } = begin(args)
    try {
      run(work, store, 'compile')
      return call.result() as R
    } finally {
      call.close()
    }
  }
  const dispose = () => {
    for (const { recording } of entries.splice(0)) forget(recording)
  }
  return Object.assign(compiled, {
    async: async (...args: A): Promise<R> => {
      if (isElsewhere(args)) return fn(...args)
      const { call, work, store } = begin(args)
      try {
        await runAsync(work, store, 'compile')
        return call.result() as R
      } finally {
        call.close()
      }
    },
    dispose,
    [Symbol.dispose]: dispose,
  })
}

/** What the current executor makes of a recording's graph, worked out once; the leaves must have their values. */
function prepare(entry: Entry): Prepared {
  const executor = currentExecutor()
  if (entry.prepared && entry.executor === executor) return entry.prepared
  const { targets } = entry.recording
  entry.executor = executor
  entry.prepared = executor.prepare?.(targets) ?? (op => executor.evaluate(targets, op))
  return entry.prepared
}
