import { type HostArray, hostArray } from './dtype.ts'
import { type AffineMap, composeMaps, identityMap, splatMap } from './graph/affine.ts'
import type { Node } from './graph/node.ts'
import { readableElements } from './graph/storage.ts'
import type { Kernel, Operand, Plan, PlanInput } from './plan.ts'

const isAlias = (node: Node): boolean => node.primitive.kind === 'rule'

/** Follows rules and composable views down to the value that has to be in memory. */
function resolve(node: Node): { base: Node; map: AffineMap } {
  let base = node
  let map = identityMap(node.shape)
  for (;;) {
    if (base.storage) return { base, map }
    if (base.primitive.kind === 'constant') return { base, map: splatMap(map.shape) }
    if (isAlias(base)) {
      base = base.inputs[0]
      continue
    }
    if (base.primitive.kind !== 'view') return { base, map }
    const through = composeMaps(map, base.primitive.map)
    if (!through || through.guard) return { base, map }
    map = through
    base = base.inputs[0]
  }
}

/** What a kernel for `node` reads. A view kernel reads through its own map, guard included. */
function readsOf(node: Node): { base: Node; map: AffineMap }[] {
  if (node.primitive.kind !== 'view') return node.inputs.map(resolve)
  const source = resolve(node.inputs[0])
  if (source.base.primitive.kind === 'constant' && !source.base.storage)
    return [{ base: source.base, map: { ...splatMap(node.shape), guard: node.primitive.map.guard } }]
  const through = composeMaps(node.primitive.map, source.map)
  if (through) return [{ base: source.base, map: through }]
  const input = skipAliases(node.inputs[0])
  return [{ base: input, map: node.primitive.map }]
}

function skipAliases(node: Node): Node {
  let at = node
  while (isAlias(at) && !at.storage) at = at.inputs[0]
  return at
}

/** Post-order over everything that must be computed, without recursion: graphs may be 100,000 nodes deep. */
function order(roots: readonly Node[]): Node[] {
  const done = new Set<Node>()
  const list: Node[] = []
  const stack: { node: Node; reads: Node[]; next: number }[] = []
  const push = (node: Node) => {
    if (!done.has(node)) stack.push({ node, reads: node.storage ? [] : readsOf(node).map(read => read.base), next: 0 })
  }
  for (const root of roots) {
    push(root)
    while (stack.length > 0) {
      const top = stack[stack.length - 1]
      if (done.has(top.node)) stack.pop()
      else if (top.next < top.reads.length) push(top.reads[top.next++])
      else {
        stack.pop()
        done.add(top.node)
        list.push(top.node)
      }
    }
  }
  return list
}

function constantData(node: Node & { primitive: { kind: 'constant'; value: number } }): HostArray {
  const data = hostArray(node.dtype, 1)
  data[0] = node.primitive.value
  return data
}

/**
 * Turns the part of the graph that `targets` need into one plan, a kernel for each primitive; its outputs are the
 * values of the targets, none of which has been computed.
 * @throws {SurprisalError} `disposed` when it needs a value whose memory has been recycled
 */
export function schedule(targets: readonly Node[], op = 'realize'): Plan {
  const roots = targets.map(skipAliases)
  const nodes = order(roots)
  const slots = new Map<Node, number>()
  const inputs: PlanInput[] = []
  const kernels: Kernel[] = []
  for (const node of nodes) {
    const slot = slots.size
    slots.set(node, slot)
    if (node.storage) inputs.push({ slot, data: readableElements(node.storage, op), source: node.storage })
    else if (node.primitive.kind === 'constant') inputs.push({ slot, data: constantData(node as never) })
    else
      kernels.push({
        primitive: node.primitive,
        op: node.op,
        dtype: node.dtype,
        shape: node.shape,
        operands: readsOf(node).map(
          ({ base, map }): Operand => ({ slot: slots.get(base) as number, dtype: base.dtype, map }),
        ),
        output: slot,
      })
  }
  const outputs = roots.map(root => slots.get(root) as number)
  return { slots: slots.size, inputs, kernels, dying: lastReads(kernels, outputs, inputs), outputs }
}

function lastReads(kernels: readonly Kernel[], outputs: readonly number[], inputs: Plan['inputs']): number[][] {
  const keep = new Set([...outputs, ...inputs.map(input => input.slot)])
  const last = new Map<number, number>()
  kernels.forEach((kernel, at) => {
    last.set(kernel.output, at)
    for (const operand of kernel.operands) last.set(operand.slot, at)
  })
  const dying: number[][] = kernels.map(() => [])
  for (const [slot, at] of last) if (!keep.has(slot)) dying[at].push(slot)
  return dying
}
