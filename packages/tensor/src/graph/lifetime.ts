import type { Node } from './node.ts'
import { releaseStorage } from './storage.ts'

/** Whether neither a handle nor a graph needs the node any more. */
const isLoose = (node: Node): boolean => node.handles === 0 && node.consumers === 0

function forget(node: Node): void {
  if (node.storage) releaseStorage(node.storage)
  node.storage = null
}

/** Frees what nobody needs, starting from `nodes` and going on to their inputs. */
function sweep(nodes: Node[]): void {
  while (nodes.length > 0) {
    const node = nodes.pop() as Node
    if (!isLoose(node) || node.loose) continue
    node.loose = true
    forget(node)
    for (const input of node.inputs) {
      input.consumers -= 1
      nodes.push(input)
    }
  }
}

/** A handle on `node` is gone. What graphs can compute again is not kept for them. */
export function dropHandle(node: Node): void {
  node.handles -= 1
  const { handles, inputs, storage } = node
  // What its first input holds is not freed by forgetting it.
  if (handles === 0 && inputs.length > 0 && inputs[0].storage !== storage) forget(node)
  sweep([node])
}

/** Makes a computed value a leaf: the closure of a rule would keep its history alive as its inputs do. */
export function dropHistory(node: Node): void {
  const { inputs } = node
  node.inputs = []
  node.primitive = { kind: 'leaf' }
  for (const input of inputs) input.consumers -= 1
  sweep([...inputs])
}

/** Something that needed `node` as an input does not any more. */
export function releaseNode(node: Node): void {
  node.consumers -= 1
  sweep([node])
}
