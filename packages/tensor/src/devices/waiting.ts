import { type Device, deviceAt } from '../device.ts'
import { type Node, nextWalk } from '../graph/node.ts'

/** The part of a graph that a read is about. */
export interface Waiting {
  /** Without a value. */
  readonly nodes: readonly Node[]
  /** What they need that has been computed, and those asked about that have been. */
  readonly computed: readonly Node[]
}

/** What has to be computed for `roots`; of rules only what they name. */
export function waitingFor(roots: readonly Node[]): Waiting {
  const walk = nextWalk()
  const nodes: Node[] = []
  const computed: Node[] = []
  const stack = [...roots]
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.visit === walk) continue
    node.visit = walk
    if (node.storage) {
      computed.push(node)
      continue
    }
    nodes.push(node)
    if (node.primitive.kind === 'rule') stack.push(node.inputs[0])
    else for (const input of node.inputs) stack.push(input)
  }
  return { nodes, computed }
}

/** Whether a node's value lies where the CPU cannot look at once. */
export const isElsewhere = ({ storage }: Node): boolean =>
  storage !== null && !ArrayBuffer.isView(storage.place) && storage.place.load !== undefined

/** Nodes by the device that computes them. */
export function byDevice(nodes: readonly Node[], usual: Device): ReadonlyMap<Device, readonly Node[]> {
  const parts = new Map<Device, Node[]>()
  for (const node of nodes) {
    const device = deviceAt(node.place) ?? usual
    const part = parts.get(device)
    if (part) part.push(node)
    else parts.set(device, [node])
  }
  return parts
}
