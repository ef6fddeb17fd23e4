import { mostPinned, mostWaiting, type Node, nextWalk } from './node.ts'

/** What has to be computed, and how many nodes wait for it or for what it needs. */
interface Overdue {
  readonly targets: readonly Node[]
  readonly waiting: number
}

/**
 * What has to be computed because `node` waits for too old a node or keeps too many bytes, both looked at anew: itself
 * and the old nodes that young ones wait for. Ids decide, so that it does not depend on what the collector has done.
 */
export function overdueTargets(node: Node): Overdue {
  const { waiting, bytes } = waitingFor(node)
  for (const at of waiting.sort((a, b) => a.id - b.id)) {
    at.oldest = at.id
    for (const input of at.inputs) if (!input.storage) at.oldest = Math.min(at.oldest, input.oldest)
    at.pinned = Math.min(at.pinned, bytes)
  }
  node.pinned = bytes
  const since = node.id - mostWaiting
  if (node.oldest >= since && bytes <= mostPinned) return { targets: [], waiting: waiting.length }
  const targets = new Set([node])
  for (const at of waiting)
    if (at.id >= since) for (const input of at.inputs) if (!input.storage && input.id < since) targets.add(input)
  return { targets: [...targets], waiting: waiting.length }
}

/** Nodes without a value behind a node, itself included, and the bytes of the values behind them. */
function waitingFor(node: Node): { waiting: Node[]; bytes: number } {
  const walk = nextWalk()
  const waiting = [node]
  let bytes = 0
  node.visit = walk
  for (const { inputs } of waiting)
    for (const input of inputs) {
      if (input.visit === walk) continue
      input.visit = walk
      if (input.storage) bytes += input.storage.bytes
      else waiting.push(input)
    }
  return { waiting, bytes }
}
