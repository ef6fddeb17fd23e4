import { isFloat } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import type { Node } from '../graph/node.ts'
import { cast, contract, permuteDims, view } from '../primitive.ts'
import { contiguousStrides, sameShape, shapeText } from '../shape.ts'
import { lentNode, nodeOf, type Tensor } from '../tensor.ts'
import { choose } from './algebra.ts'
import { binaryRules } from './binary.ts'
import { gatherGradient, putGradient, scatterGradient, takeGradient } from './indexing.ts'
import { reduceGradient } from './reductions.ts'
import { scanGradient } from './scans.ts'
import { unaryRules } from './unary.ts'
import { viewGradient } from './views.ts'

const transposed = (x: Tensor): Tensor => permuteDims('gradients', x, [0, 2, 1])

/** Gradients of one node towards its inputs, in their order; null where nothing flows. */
export function backward(node: Node, dy: Tensor): readonly (Tensor | null)[] {
  const { primitive } = node
  const inputs = node.inputs.map(lentNode)
  const y = lentNode(node)
  switch (primitive.kind) {
    case 'unary':
      return [unaryRules[primitive.f](dy, inputs[0], y)]
    case 'binary':
      return binaryRules[primitive.f](dy, inputs[0], inputs[1], y)
    case 'select':
      return [null, choose(inputs[0], dy, 0, dy), choose(inputs[0], 0, dy, dy)]
    case 'cast':
      return [isFloat(node.inputs[0].dtype) ? dy : null]
    case 'view':
      return [viewGradient(dy, primitive.map, node.inputs[0].shape)]
    case 'fold':
      return [view('gradients', dy, primitive.map)]
    case 'reduce':
      return [reduceGradient(primitive, dy, inputs[0], y)]
    case 'scan':
      return [scanGradient(primitive, dy, inputs[0])]
    case 'contract':
      return [contract('gradients', dy, transposed(inputs[1])), contract('gradients', transposed(inputs[0]), dy)]
    case 'gather':
      return [gatherGradient(primitive.dim, dy, inputs[0], inputs[1]), null]
    case 'take':
      return [takeGradient(primitive.dim, dy, inputs[0], inputs[1]), null]
    case 'scatter': {
      const [base, source] = scatterGradient(primitive, dy, inputs[1])
      return [base, null, source]
    }
    case 'put': {
      const [base, source] = putGradient(primitive, dy, inputs[1], inputs[2].shape)
      return [base, null, source]
    }
    case 'cat':
      return splitGradient(dy, inputs, primitive.dim)
    case 'rule':
      return [null, ...ownGradient(node, dy)]
    default:
      return []
  }
}

/** What a rule of its own gives. It sees the node itself and not the graph of its value, which it replaces. */
function ownGradient(node: Node, dy: Tensor): (Tensor | null)[] {
  const { primitive, op } = node
  if (primitive.kind !== 'rule' || !primitive.backward) return []
  const inputs = node.inputs.slice(1)
  const grads = primitive.backward(nodeOf(dy, 'gradients'), inputs, node)
  if (grads.length !== inputs.length)
    throw new SurprisalError('argument', `${op}: gradient must return ${inputs.length} gradients, got ${grads.length}`)
  return grads.map((grad, i) => {
    if (!grad) return null
    if (!sameShape(grad.shape, inputs[i].shape))
      throw new SurprisalError(
        'shape',
        `${op}: gradient ${i} must have shape ${shapeText(inputs[i].shape)}, got ${shapeText(grad.shape)}`,
      )
    return cast('gradients', lentNode(grad), 'float32')
  })
}

function splitGradient(dy: Tensor, parts: readonly Tensor[], dim: number): Tensor[] {
  const strides = contiguousStrides(dy.shape)
  let start = 0
  return parts.map(part => {
    const offset = part.size === 0 ? 0 : start * strides[dim]
    start += part.shape[dim]
    return view('gradients', dy, { shape: part.shape, strides, offset, guard: null })
  })
}
