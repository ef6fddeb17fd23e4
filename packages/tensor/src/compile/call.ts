import { isFloat } from '../dtype.ts'
import { settle, type Work } from '../evaluate.ts'
import { currentExecutor } from '../executor.ts'
import { readsKept, trimHistory } from '../graph/history.ts'
import { releaseNode } from '../graph/lifetime.ts'
import { createNode, type Node } from '../graph/node.ts'
import { pendingTargets } from '../graph/pending.ts'
import type { Storage } from '../graph/storage.ts'
import { cellValue, replaceValue } from '../parameter.ts'
import { fromNode, nodeOf, type Tensor } from '../tensor.ts'
import type { Arguments } from './pattern.ts'
import { pullback } from './pullback.ts'
import type { Recording, ResultPattern } from './recording.ts'

const op = 'compile'

/** One call of a recorded function. */
export class Call {
  readonly #recording: Recording
  readonly #tensors: readonly Tensor[]
  readonly #numbers: readonly number[]
  /** Values that the recording's leaves take: arguments, then parameters as they are when the call begins. */
  readonly #sources: Node[]
  /** Handed out by results that are values of parameters before the call. */
  readonly #before: Tensor[]
  #made: readonly Tensor[] = []

  constructor(recording: Recording, { tensors, nodes, numbers }: Arguments) {
    this.#recording = recording
    this.#tensors = tensors.slice()
    this.#numbers = numbers.slice()
    this.#sources = nodes.slice()
    for (const parameter of recording.parameters) this.#sources.push(nodeOf(cellValue(parameter), op))
    this.#before = recording.returned.map(parameter => parameter.value)
    for (const node of this.#sources) node.consumers += 1
  }

  /** Lets go of the arguments. */
  close(): void {
    for (const node of this.#sources) releaseNode(node)
  }

  /** Computes arguments that have no value yet, then the recording's targets. */
  *work(prepare: () => (op: string) => Work): Work {
    const { targets, captured, leaves, standIns } = this.#recording
    const sources = this.#sources
    const missing = pendingTargets([...sources, ...captured])
    if (missing.targets.length > 0)
      settle(missing.targets, yield* currentExecutor().evaluate(missing.targets, op), missing.reads)
    standIns.set(this.#numbers)
    if (targets.length === 0) return []
    for (let i = 0; i < leaves.length; i++) leaves[i].storage = sources[i].storage
    try {
      return yield* prepare()(op)
    } finally {
      for (const leaf of leaves) leaf.storage = null
    }
  }

  /** Makes tensors of what has been computed, and gives parameters their new values. */
  store(storages: readonly Storage[]): void {
    const { results, targets, assigned } = this.#recording
    this.#made = results.map((_, i) => fromNode(this.#result(i, storages[i])))
    assigned.forEach((parameter, i) => {
      const at = results.length + i
      const { dtype, shape } = targets[at]
      const node = createNode('parameter', { kind: 'leaf' }, dtype, shape, [])
      node.storage = storages[at]
      replaceValue(parameter, node)
    })
  }

  /** A computed result; a float keeps what it was made of, for gradients. */
  #result(at: number, storage: Storage): Node {
    const { differentiable, captured } = this.#recording
    const { dtype, shape } = this.#recording.results[at]
    const value = createNode(op, { kind: 'leaf' }, dtype, shape, [])
    value.storage = storage
    if (!differentiable || !isFloat(dtype)) return value
    const inputs = [value, ...this.#sources, ...captured]
    const backward = pullback(this.#recording, at, this.#numbers)
    const node = createNode(op, { kind: 'rule', backward, keep: false }, dtype, shape, inputs)
    node.storage = storage
    storage.sharers += 1
    for (const input of inputs) node.reads = Math.max(node.reads, input.reads)
    node.reads += 1
    if (node.reads >= 2 * readsKept) trimHistory([node], node.reads)
    return node
  }

  /** What the function returns. */
  result(): unknown {
    return this.#fill(this.#recording.result)
  }

  #fill(pattern: ResultPattern): unknown {
    switch (pattern.kind) {
      case 'target':
        return this.#made[pattern.at]
      case 'argument':
        return this.#tensors[pattern.at]
      case 'number':
        return this.#numbers[pattern.at]
      case 'before':
        return this.#before[pattern.at]
      case 'after':
        return pattern.parameter.value
      case 'list':
        return pattern.items.map(item => this.#fill(item))
      case 'record':
        return Object.fromEntries(pattern.items.map((item, i) => [pattern.names[i], this.#fill(item)]))
      case 'fixed':
        return pattern.value
    }
  }
}
