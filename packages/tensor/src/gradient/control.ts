import { isFloat } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { historyGone } from '../graph/history.ts'
import { createNode, currentId, type Node } from '../graph/node.ts'
import { asTensor, describe } from '../operand.ts'
import { binary, reduce, withRule } from '../primitive.ts'
import { lentNode, nodeOf, type Tensor, type TensorLike } from '../tensor.ts'
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
  for (const [name, fn] of Object.entries({ forward, backward }))
    if (typeof fn !== 'function')
      throw new SurprisalError('argument', `customGradient: ${name} must be a function, got ${describe(fn)}`)
  return (...inputs) => {
    const tensors = inputs.map((input, i) => asTensor('customGradient', `input ${i}`, input))
    const output = asTensor('customGradient', 'the result of forward', forward(...tensors))
    return withRule('customGradient', output, tensors, backward)
  }
}

/** Whether a node's value is there and what it came from is not: it cannot be computed again. */
const isSource = (node: Node): boolean =>
  node.primitive.kind === 'leaf' || (node.storage !== null && node.inputs.length === 0)

/** Copies the graph of `output`, reading `places` instead of their keys. */
export function replay(output: Node, places: ReadonlyMap<Node, Node>): Node {
  const copies = new Map(places)
  const stack = [output]
  while (stack.length > 0) {
    const node = stack[stack.length - 1]
    const waiting = copies.has(node) ? [] : node.inputs.filter(input => !copies.has(input))
    for (const input of waiting) stack.push(input)
    if (waiting.length > 0) continue
    stack.pop()
    if (copies.has(node)) continue
    if (node.trimmed) throw historyGone('checkpoint', 'what its gradient needs', node)
    const inputs = node.inputs.map(input => copies.get(input) as Node)
    const copy = isSource(node) ? node : createNode(node.op, node.primitive, node.dtype, node.shape, inputs)
    if (node.place !== 0) copy.place = node.place
    copies.set(node, copy)
  }
  return copies.get(output) as Node
}

/** Nodes made before `since` that the graph of `output` reads. */
function boundary(output: Node, since: number): Node[] {
  const seen = new Set<Node>([output])
  const stack = [output]
  while (stack.length > 0) {
    const node = stack.pop() as Node
    if (node.id <= since) continue
    if (node.trimmed) throw historyGone('checkpoint', 'what its gradient needs', node)
    for (const input of node.inputs)
      if (!seen.has(input)) {
        seen.add(input)
        stack.push(input)
      }
  }
  return [...seen].filter(node => node.id <= since)
}

/** The same value under a name of its own, so that a gradient towards it ends there. */
export const placeholder = (node: Node): Node =>
  createNode('checkpoint', { kind: 'rule', backward: dy => [dy], keep: false }, node.dtype, node.shape, [node, node])

/**
 * A function equal to `fn` whose intermediate values are computed again in the backward pass instead of being
 * kept. Tensors and parameters that `fn` captures receive their gradients as well.
 * @param fn tensors to one tensor, without side effects
 * @see Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016
 */
export function checkpoint<A extends unknown[]>(fn: (...args: A) => Tensor): (...args: A) => Tensor {
  return (...args) => {
    const since = currentId()
    const output = asTensor('checkpoint', 'the result of fn', fn(...args))
    const node = nodeOf(output, 'checkpoint')
    if (node.id <= since) return output
    const inputs = boundary(node, since)
    return withRule('checkpoint', output, inputs.map(lentNode), dy => {
      const places = new Map(inputs.map(input => [input, placeholder(input)]))
      const again = lentNode(replay(node, places))
      const weighted = binary('checkpoint', 'mul', again, dy)
      const total = reduce('checkpoint', 'sum', weighted, [...weighted.shape.keys()])
      const floats = inputs.filter(input => isFloat(input.dtype))
      const ends = floats.map(input => lentNode(places.get(input) as Node))
      const grads = gradients(total, ends, { allowUnused: true })
      return inputs.map(input => grads[floats.indexOf(input)] ?? null)
    })
  }
}
