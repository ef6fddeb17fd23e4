import type { Node } from './node.ts'

/**
 * What a read of `targets` computes: those that have no value yet, and the cells (parameters, optimiser state) on the
 * way that still wait for theirs, so that a training loop which only reads its loss advances a step at a time.
 */
export function pendingTargets(targets: readonly Node[]): Node[] {
  const seen = new Set<Node>()
  const pending = new Set<Node>()
  const stack: Node[] = []
  for (const target of targets) if (!target.storage) pending.add(target)
  for (const target of pending) stack.push(target)
  while (stack.length > 0) {
    const node = stack.pop() as Node
    if (seen.has(node) || node.storage) continue
    seen.add(node)
    const { primitive, cell, inputs } = node
    if (primitive.kind === 'rule' && primitive.keep) pending.add(node)
    if (cell && !cell.storage) pending.add(cell)
    if (primitive.kind === 'rule') stack.push(inputs[0])
    else for (const input of inputs) stack.push(input)
  }
  return [...pending]
}
