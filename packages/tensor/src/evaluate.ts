import { isFloat } from './dtype.ts'
import { currentExecutor } from './executor.ts'
import type { Node } from './graph/node.ts'
import { createStorage, releaseStorage } from './graph/storage.ts'
import { schedule } from './schedule.ts'

/** Computes and stores the values of `nodes` in one plan; `op` names the read in messages. */
export function evaluate(nodes: readonly Node[], op = 'realize'): void {
  const { plan, stored } = schedule(nodes, op)
  if (stored.length === 0) return
  const results = currentExecutor().run(plan)
  const taken = new Set<unknown>()
  stored.forEach((node, i) => {
    const data = taken.has(results[i]) ? results[i].slice() : results[i]
    taken.add(data)
    node.storage = createStorage(node.dtype, data)
    if (!carriesGradient(node)) node.inputs = []
  })
}

/** A value through which no gradient flows needs its history no longer. */
function carriesGradient(node: Node): boolean {
  return isFloat(node.dtype) && !(node.primitive.kind === 'rule' && node.primitive.backward === null)
}

/** Gives the memory of a value that is never read again to the values to come. */
export function recycle({ storage }: Node): void {
  if (!storage || storage.recycled) return
  releaseStorage(storage)
  storage.recycled = true
  currentExecutor().recycle?.(storage.data)
}
