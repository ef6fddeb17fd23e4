import { isFloat } from './dtype.ts'
import { currentExecutor } from './executor.ts'
import type { Node } from './graph/node.ts'
import { createStorage } from './graph/storage.ts'
import { schedule } from './schedule.ts'

/** Computes and stores the values of `nodes` in one plan. */
export function evaluate(nodes: readonly Node[]): void {
  const { plan, stored } = schedule(nodes)
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
