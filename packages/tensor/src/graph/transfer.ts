import { type Device, deviceAt, placeOf } from '../device.ts'
import { createNode, type Node } from './node.ts'

/** The value of `node` on another device; gradients come back from there. */
export function transfer(node: Node, device: Device): Node {
  const from = deviceAt(node.place)
  const backward = (dy: Node) => [from ? transfer(dy, from) : dy]
  const { dtype, shape } = node
  const copy = createNode('to', { kind: 'rule', backward, keep: from !== null }, dtype, shape, [node, node])
  copy.place = placeOf(device)
  return copy
}

/** Whether a node takes over the value of one that is computed on another device. */
export const isTransfer = ({ primitive, place, inputs }: Node): boolean =>
  primitive.kind === 'rule' && primitive.keep && inputs[0].place !== 0 && inputs[0].place !== place
