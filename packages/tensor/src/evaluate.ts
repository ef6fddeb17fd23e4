import { currentExecutor } from './executor.ts'
import { carriesGradient, dropHistory, readsBehind, readsKept, trimHistory } from './graph/history.ts'
import type { Node } from './graph/node.ts'
import { createStorage, releaseStorage } from './graph/storage.ts'
import { schedule } from './schedule.ts'

/** Computes and stores the values of `nodes` in one plan; `op` names the read in messages. */
export function evaluate(nodes: readonly Node[], op = 'realize'): void {
  const { plan, stored } = schedule(nodes, op)
  if (stored.length === 0) return
  const results = currentExecutor().run(plan)
  const reads = readsBehind(stored)
  const taken = new Set<unknown>()
  stored.forEach((node, i) => {
    const data = taken.has(results[i]) ? results[i].slice() : results[i]
    taken.add(data)
    node.storage = createStorage(node.dtype, data)
    if (carriesGradient(node)) node.reads = reads
    else dropHistory(node)
  })
  if (reads >= 2 * readsKept) trimHistory(stored, reads)
}

/** Gives the memory of a value that is never read again to the values to come. */
export function recycle({ storage }: Node): void {
  if (!storage || storage.recycled || storage.sharers > 0) return
  releaseStorage(storage)
  storage.recycled = true
  currentExecutor().recycle?.(storage.data)
}
