import { isFloat } from '../dtype.ts'
import { placeholder, replay } from '../gradient/control.ts'
import { gradients } from '../gradient/gradients.ts'
import { type BackwardRule, createNode, type Node, type Primitive } from '../graph/node.ts'
import { binary, reduce } from '../primitive.ts'
import { lentNode, nodeOf } from '../tensor.ts'
import type { Recording } from './recording.ts'

const op = 'compile'

/** The same numbers and keys, whatever later calls make of those of the recording. */
const frozen = (primitive: Primitive): Primitive =>
  primitive.kind === 'random' ? { kind: 'random', key: [...primitive.key] } : { ...primitive }

/**
 * The gradient of a result of a call towards its arguments, its parameters and what the function captured: the graph of
 * the recording is built on them when it is asked for.
 */
export function pullback(recording: Recording, at: number, numbers: readonly number[]): BackwardRule {
  return (dy, inputs) => {
    const { leaves, drawn, results, standIns } = recording
    const places = new Map<Node, Node>()
    standIns.set(numbers)
    for (const node of drawn) places.set(node, createNode(node.op, frozen(node.primitive), node.dtype, node.shape, []))
    const ends = inputs.map(placeholder)
    leaves.forEach((leaf, i) => {
      places.set(leaf, ends[i])
    })
    recording.captured.forEach((node, i) => {
      places.set(node, ends[leaves.length + i])
    })
    const again = lentNode(replay(results[at], places))
    const weighted = binary(op, 'mul', again, lentNode(dy))
    const total = reduce(op, 'sum', weighted, [...weighted.shape.keys()])
    const floats = ends.filter(({ dtype }) => isFloat(dtype))
    const grads = gradients(total, floats.map(lentNode), { allowUnused: true })
    return ends.map(end => {
      const grad = grads[floats.indexOf(end)]
      return grad ? nodeOf(grad, op) : null
    })
  }
}
