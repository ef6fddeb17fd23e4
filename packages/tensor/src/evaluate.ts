import { currentTracing } from './compile/tracing.ts'
import { otherDevices } from './device.ts'
import type { HostArray } from './dtype.ts'
import { SurprisalError } from './error.ts'
import { currentExecutor } from './executor.ts'
import { carriesGradient, readsKept, trimHistory } from './graph/history.ts'
import { dropHistory } from './graph/lifetime.ts'
import { mostPinned, mostWaiting, type Node, onOverdue } from './graph/node.ts'
import { overdueTargets } from './graph/overdue.ts'
import { type Pending, pendingTargets } from './graph/pending.ts'
import { elementsOf, memoryCounters, releaseStorage, type Storage } from './graph/storage.ts'
import { nextTurn } from './turn.ts'

/** How long an asynchronous read may keep the event loop waiting, in milliseconds. */
const patience = 10

/** What computes values: may be left for a while wherever it yields. */
export type Work = Generator<void, readonly Storage[], void>

/** A read that has begun: plans run one at a time, as they share memory. */
class Evaluation {
  readonly #work: Work
  readonly #store: (storages: readonly Storage[]) => void
  running = false
  done = false

  constructor(work: Work, store: (storages: readonly Storage[]) => void) {
    this.#work = work
    this.#store = store
  }

  /** Works until all is done or `deadline` has passed. */
  advance(deadline: number, op: string): void {
    if (this.running)
      throw new SurprisalError(
        'argument',
        `${op}: cannot read a tensor inside of an evaluation (in an op's own routine)`,
      )
    this.running = true
    try {
      let result = this.#work.next()
      while (!result.done && (deadline === Number.POSITIVE_INFINITY || performance.now() < deadline))
        result = this.#work.next()
      if (!result.done) return
      this.done = true
      this.#store(result.value)
    } catch (error) {
      this.done = true
      throw error
    } finally {
      this.running = false
    }
  }
}

/** Gives nodes the values that have been computed for them; `reads` counts those that they build on. */
export function settle(nodes: readonly Node[], storages: readonly Storage[], reads: number): void {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]
    node.storage = storages[i]
    if (carriesGradient(node)) node.reads = reads
    else dropHistory(node)
  }
  if (reads >= 2 * readsKept) trimHistory(nodes, reads)
}

let current: Evaluation | null = null

function advance(evaluation: Evaluation, deadline: number, op: string): void {
  try {
    evaluation.advance(deadline, op)
  } finally {
    if (evaluation.done && current === evaluation) current = null
  }
}

/** Finishes what an asynchronous read has left, whose own error is its own. */
function finishCurrent(op: string): void {
  while (current) {
    const before: Evaluation = current
    try {
      advance(before, Number.POSITIVE_INFINITY, op)
    } catch (error) {
      if (!before.done) throw error
      failures.set(before, error)
    }
  }
}

const failures = new WeakMap<Evaluation, unknown>()

/** Does work that nothing else may come between, at once. What it is to do is asked for when all before is done. */
export function run(begin: () => Work | null, store: (storages: readonly Storage[]) => void, op: string): void {
  finishCurrent(op)
  const work = begin()
  if (!work) return
  current = new Evaluation(work, store)
  advance(current, Number.POSITIVE_INFINITY, op)
}

/** As {@link run}, letting the event loop have its turns. */
export async function runAsync(
  begin: () => Work | null,
  store: (storages: readonly Storage[]) => void,
  op: string,
): Promise<void> {
  while (current) await nextTurn()
  const work = begin()
  if (work) {
    const evaluation = new Evaluation(work, store)
    current = evaluation
    for (;;) {
      if (!evaluation.done) advance(evaluation, performance.now() + patience, op)
      if (evaluation.done) break
      await nextTurn()
    }
    if (failures.has(evaluation)) throw failures.get(evaluation)
  }
  if (currentExecutor().wantsTurn?.()) await nextTurn()
}

function refuseTracing(op: string): void {
  if (currentTracing())
    throw new SurprisalError('argument', `${op}: cannot read a tensor inside of a compiled function`)
}

/** A read of nodes: what it does and where the values go. */
function readOf(nodes: readonly Node[], op: string, counts = 1): Parameters<typeof run> {
  let pending: Pending
  return [
    () => {
      pending = pendingTargets(nodes)
      if (pending.targets.length > 0) refuseTracing(op)
      return pending.targets.length === 0 ? null : currentExecutor().evaluate(pending.targets, op)
    },
    storages => settle(pending.targets, storages, pending.reads + counts - 1),
    op,
  ]
}

/** Computes and stores the values of `nodes` in one plan, at once; `op` names the read in messages. */
export function evaluate(nodes: readonly Node[], op = 'realize'): void {
  if (otherDevices()?.concerns(nodes))
    throw new SurprisalError('device', `${op}Sync: not available on webgpu, use await ${op}()`)
  run(...readOf(nodes, op))
}

/** As {@link evaluate}, letting the event loop have its turns. */
export async function evaluateAsync(nodes: readonly Node[], op = 'realize'): Promise<void> {
  const others = otherDevices()
  if (!others) return runAsync(...readOf(nodes, op))
  if (nodes.some(node => !node.storage)) refuseTracing(op)
  return others.compute(nodes, op)
}

/** The elements of a node, computed if need be, as a copy. */
export async function readElements(node: Node, op: string): Promise<HostArray> {
  const others = otherDevices()
  if (others) {
    if (!node.storage) refuseTracing(op)
    return others.read(node, op)
  }
  await evaluateAsync([node], op)
  return elementsOf(node.storage as Storage).slice()
}

/** An evaluation that nobody asked for counts as a read for each so many nodes, since its history is long. */
const nodesPerRead = 2500

let overdueRuns = 0

/** How often something was computed that nobody had asked for, while a graph was being built. */
export const countOverdueRuns = (): number => overdueRuns

/** Whether all values that there are would not suffice; sums of what a graph keeps count many of them often. */
function mayPinTooMuch(node: Node): boolean {
  const live = memoryCounters('cpu').live + memoryCounters('webgpu').live
  node.pinned = Math.min(node.pinned, live)
  return live > mostPinned
}

onOverdue(node => {
  if (currentTracing() || current?.running) return
  if (node.id - node.oldest <= mostWaiting && !mayPinTooMuch(node)) return
  const { targets, waiting } = overdueTargets(node)
  if (targets.length === 0) return
  overdueRuns += 1
  const others = otherDevices()
  const isElsewhere = others?.concerns(targets)
  try {
    if (!isElsewhere) return run(...readOf(targets, node.op, Math.floor(waiting / nodesPerRead)))
    others?.compute(targets, node.op).catch(() => {})
  } catch {
    // Whoever reads it will be told.
  }
  // Until then it waits as if it were new.
  node.oldest = node.id
  node.pinned = 0
})

/** Gives the memory of a value that is never read again to the values to come. */
export function recycle({ storage }: Node): void {
  if (!storage || storage.recycled || storage.sharers > 0) return
  storage.recycled = true
  releaseStorage(storage)
}
