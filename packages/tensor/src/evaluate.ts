import { SurprisalError } from './error.ts'
import { currentExecutor } from './executor.ts'
import { carriesGradient, readsBehind, readsKept, trimHistory } from './graph/history.ts'
import { dropHistory } from './graph/lifetime.ts'
import type { Node } from './graph/node.ts'
import { pendingTargets } from './graph/pending.ts'
import { releaseStorage, type Storage } from './graph/storage.ts'
import { nextTurn } from './turn.ts'

/** How long an asynchronous read may keep the event loop waiting, in milliseconds. */
const patience = 20

/** A read that has begun: plans run one at a time, as they share memory. */
class Evaluation {
  readonly #targets: readonly Node[]
  readonly #work: Generator<void, Storage[], void>
  #running = false
  done = false

  constructor(targets: readonly Node[], op: string) {
    this.#targets = targets
    this.#work = currentExecutor().evaluate(targets, op)
  }

  /** Works until all is done or `deadline` has passed. */
  advance(deadline: number, op: string): void {
    if (this.#running)
      throw new SurprisalError(
        'argument',
        `${op}: cannot read a tensor inside of an evaluation (in an op's own routine)`,
      )
    this.#running = true
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
      this.#running = false
    }
  }

  #store(storages: readonly Storage[]): void {
    const targets = this.#targets
    const reads = readsBehind(targets)
    targets.forEach((node, i) => {
      node.storage = storages[i]
      if (carriesGradient(node)) node.reads = reads
      else dropHistory(node)
    })
    if (reads >= 2 * readsKept) trimHistory(targets, reads)
  }
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

/** Computes and stores the values of `nodes` in one plan, at once; `op` names the read in messages. */
export function evaluate(nodes: readonly Node[], op = 'realize'): void {
  finishCurrent(op)
  const targets = pendingTargets(nodes)
  if (targets.length === 0) return
  current = new Evaluation(targets, op)
  advance(current, Number.POSITIVE_INFINITY, op)
}

/** As {@link evaluate}, letting the event loop have its turns. */
export async function evaluateAsync(nodes: readonly Node[], op = 'realize'): Promise<void> {
  while (current) await nextTurn()
  const targets = pendingTargets(nodes)
  if (targets.length > 0) {
    const evaluation = new Evaluation(targets, op)
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

/** Gives the memory of a value that is never read again to the values to come. */
export function recycle({ storage }: Node): void {
  if (!storage || storage.recycled || storage.sharers > 0) return
  storage.recycled = true
  releaseStorage(storage)
}
