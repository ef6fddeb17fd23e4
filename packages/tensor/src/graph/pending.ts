import { type Node, nextWalk } from './node.ts'

/** What a read has to compute. */
export interface Pending {
  /** Those of the wanted nodes that have no value yet, and cells on the way that still wait for theirs. */
  readonly targets: readonly Node[]
  /** The most reads that any value behind the targets builds on, and this one. */
  readonly reads: number
}

const stack: Node[] = []
const hidden: Node[] = []

/**
 * What a read of `wanted` computes: those that have no value yet, and the cells (parameters, optimiser state) on the
 * way that still wait for theirs, so that a training loop which only reads its loss advances a step at a time.
 */
export function pendingTargets(wanted: readonly Node[]): Pending {
  const targets: Node[] = []
  const asked = nextWalk()
  for (const node of wanted)
    if (!node.storage && node.visit !== asked) {
      node.visit = asked
      targets.push(node)
    }
  for (const node of targets) stack.push(node)
  const walk = nextWalk()
  let reads = 0
  let node = stack.pop()
  while (node) {
    if (node.visit !== walk) {
      const wasAsked = node.visit === asked
      node.visit = walk
      if (node.storage) reads = Math.max(reads, node.reads)
      else {
        const { primitive, cell, inputs } = node
        if (primitive.kind === 'rule') {
          if (primitive.keep && !wasAsked) targets.push(node)
          for (let i = 1; i < inputs.length; i++) hidden.push(inputs[i])
          stack.push(inputs[0])
        } else for (let i = 0; i < inputs.length; i++) stack.push(inputs[i])
        if (cell && !cell.storage && cell.visit !== walk && cell.visit !== asked) {
          cell.visit = walk
          targets.push(cell)
        }
      }
    }
    node = stack.pop()
  }
  return { targets, reads: 1 + (hidden.length > 0 ? readsAlso(walk, reads) : reads) }
}

/** Goes on to what only gradients need. */
function readsAlso(walk: number, least: number): number {
  let reads = least
  let node = hidden.pop()
  while (node) {
    if (node.visit !== walk) {
      node.visit = walk
      if (node.storage) reads = Math.max(reads, node.reads)
      else for (let i = 0; i < node.inputs.length; i++) hidden.push(node.inputs[i])
    }
    node = hidden.pop()
  }
  return reads
}
