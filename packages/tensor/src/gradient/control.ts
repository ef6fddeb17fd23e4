import { SurprisalError } from '../error.ts'
import { createNode, currentId, type Node } from '../graph/node.ts'
import { asTensor } from '../operand.ts'
import { reduce, binary, withRule } from '../primitive.ts'
import { fromNode, nodeOf, type Tensor, type TensorLike } from '../tensor.ts'
import { gradients } from './gradients.ts'

/** The same values; no gradient flows back through them. */
export function stopGradient(x: TensorLike): Tensor {
  return withRule('stopGradient', asTensor('stopGradient', 'x', x), [], null)
}

/** PyTorch's name of {@link stopGradient}. */
export const detach: typeof stopGradient = stopGradient

/** Backward rule in ops: one gradient per input, null where nothing flows. */
export type CustomBackward = (dy: Tensor, inputs: readonly Tensor[], output: Tensor) => readonly (Tensor | null)[]

/**
 * A function of tensors with a gradient of its own.
 * @param forward gives the value
 * @param backward `(dy, inputs, output)` gives one gradient per input, or null; written in ops it can be differentiated again
 */
export function customGradient(
  forward: (...inputs: Tensor[]) => Tensor,
  backward: CustomBackward,
): (...inputs: TensorLike[]) => Tensor {
  return (...inputs) => {
    const tensors = inputs.map((input, i) => asTensor('customGradient', `input ${i}`, input))
    return withRule('customGradient', forward(...tensors), tensors, (dy, xs, y) => {
      const grads = backward(dy, xs, y)
      if (grads.length !== xs.length)
        throw new SurprisalError(
          'argument',
          `customGradient: backward must return ${xs.length} gradients, got ${grads.length}`,
        )
      return grads
    })
  }
}

/** Copies the graph of `output` down to the nodes made before `since`. */
function replay(output: Node, since: number): Node {
  const copies = new Map<Node, Node>()
  const stack = [output]
  while (stack.length > 0) {
    const node = stack[stack.length - 1]
    if (copies.has(node) || node.id <= since) {
      stack.pop()
      continue
    }
    const waiting = node.inputs.filter(input => input.id > since && !copies.has(input))
    if (waiting.length > 0) {
      stack.push(...waiting)
      continue
    }
    stack.pop()
    const inputs = node.inputs.map(input => copies.get(input) ?? input)
    copies.set(node, createNode(node.op, node.primitive, node.dtype, node.shape, inputs))
  }
  return copies.get(output) ?? output
}

/** Nodes made before `since` that the graph of `output` reads. */
function boundary(output: Node, since: number): Node[] {
  const found = new Set<Node>()
  const seen = new Set<Node>([output])
  const stack = [output]
  while (stack.length > 0) {
    const node = stack.pop() as Node
    if (node.id <= since) found.add(node)
    else
      for (const input of node.inputs)
        if (!seen.has(input)) {
          seen.add(input)
          stack.push(input)
        }
  }
  return [...found]
}

/**
 * A function equal to `fn` whose intermediate values are computed again in the backward pass instead of being
 * kept. Tensors and parameters that `fn` captures receive their gradients as well.
 * @param fn tensors to one tensor, without side effects
 */
export function checkpoint<A extends unknown[]>(fn: (...args: A) => Tensor): (...args: A) => Tensor {
  return (...args) => {
    const since = currentId()
    const output = fn(...args)
    const node = nodeOf(output, 'checkpoint')
    if (node.id <= since) return output
    const inputs = boundary(node, since).map(fromNode)
    return withRule('checkpoint', output, inputs, dy => {
      const again = fromNode(replay(node, since))
      const weighted = binary('checkpoint', 'mul', again, dy)
      const total = reduce('checkpoint', 'sum', weighted, [...weighted.shape.keys()])
      const floats = inputs.filter(input => input.dtype === 'float32' || input.dtype === 'float16')
      const grads = gradients(total, floats, { allowUnused: true })
      return inputs.map(input => grads[floats.indexOf(input)] ?? null)
    })
  }
}
