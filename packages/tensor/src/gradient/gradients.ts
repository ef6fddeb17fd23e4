import { isFloat } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { historyGone, openInputs } from '../graph/history.ts'
import { type Node, nextWalk } from '../graph/node.ts'
import { asTensor, describe, isOptions } from '../operand.ts'
import { Parameter } from '../parameter.ts'
import { cast, constant } from '../primitive.ts'
import { shapeText } from '../shape.ts'
import { fromNode, lend, nodeOf, Tensor, type TensorLike } from '../tensor.ts'
import { add, zerosOf } from './algebra.ts'
import { backward } from './rules.ts'

/** Options of {@link gradients}. */
export interface GradientsOptions {
  /** Give null instead of zeros for a param that the loss does not depend on. @default false */
  allowUnused?: boolean
}

/**
 * Nodes between the loss and the params, latest first.
 * @throws {SurprisalError} `disposed` when a param is older than a value on the way whose history is gone
 */
function nodesBetween(op: string, loss: Node, params: readonly Node[]): Node[] {
  const targets = new Set(params)
  const walk = nextWalk()
  const reachable = [loss]
  loss.visit = walk
  for (const node of reachable)
    for (const input of openInputs(node)) {
      if (input.visit === walk || !isFloat(input.dtype)) continue
      input.visit = walk
      reachable.push(input)
    }
  reachable.sort((a, b) => b.id - a.id)
  for (let i = reachable.length - 1; i >= 0; i--) {
    const node = reachable[i]
    const older = node.trimmed ? params.findIndex(param => param.id < node.id) : -1
    if (older >= 0) throw historyGone(op, `param ${older}`, node)
    node.position = targets.has(node) || openInputs(node).some(input => leads(input, walk)) ? 1 : 0
  }
  return reachable.filter(node => leads(node, walk))
}

/** Whether a walk has found that a param lies behind a node. */
const leads = (node: Node, walk: number): boolean => node.visit === walk && node.position === 1

/** A balanced tree, so that many terms neither lose small ones nor nest deeply. */
function sum(terms: readonly Tensor[]): Tensor {
  if (terms.length === 1) return terms[0]
  const middle = terms.length >> 1
  return add(sum(terms.slice(0, middle)), sum(terms.slice(middle)))
}

/** A handle of the caller's, beside which none is left within rules. */
function owned(x: Tensor): Tensor {
  const own = fromNode(nodeOf(x, 'gradients'))
  lend(x)
  return own
}

/**
 * Gradients of a scalar loss towards `params`: any tensors or parameters that it was built from. They are
 * ordinary lazy tensors, so calling it again on a function of them differentiates a second time.
 *
 * @param loss float tensor of rank 0
 * @param params float tensors or parameters
 * @returns one tensor per param, of its shape and dtype; zeros (or null, see options) where unconnected
 * @throws {SurprisalError} `shape` when the loss is no scalar, `dtype` when it or a param is not float, `disposed` when
 * a param may lie further back than history is kept: 64 reads of values that build on one another
 */
export function gradients(loss: TensorLike, params: readonly TensorLike[]): Tensor[]
export function gradients(
  loss: TensorLike,
  params: readonly TensorLike[],
  options: GradientsOptions & { allowUnused: true },
): (Tensor | null)[]
export function gradients(loss: TensorLike, params: readonly TensorLike[], options: GradientsOptions): Tensor[]
export function gradients(
  loss: TensorLike,
  params: readonly TensorLike[],
  options: GradientsOptions = {},
): (Tensor | null)[] {
  return gradientsFor('gradients', loss, params, options)
}

/** {@link gradients} on behalf of `op`, which messages name. */
function gradientsFor(
  op: string,
  loss: TensorLike,
  params: readonly TensorLike[],
  options: GradientsOptions,
): (Tensor | null)[] {
  if (!Array.isArray(params))
    throw new SurprisalError('argument', `${op}: params must be a list of tensors, got ${describe(params)}`)
  if (!isOptions(options))
    throw new SurprisalError('argument', `${op}: options must be an object, got ${describe(options)}`)
  const { allowUnused = false } = options
  const root = asTensor(op, 'loss', loss)
  if (root.shape.length !== 0)
    throw new SurprisalError('shape', `${op}: loss must be a scalar, got shape ${shapeText(root.shape)}`)
  if (!isFloat(root.dtype)) throw new SurprisalError('dtype', `${op}: loss must be float, got ${root.dtype}`)
  const wanted = params.map((param, i) => asTensor(op, `param ${i}`, param))
  wanted.forEach((param, i) => {
    if (!isFloat(param.dtype)) throw new SurprisalError('dtype', `${op}: param ${i} must be float, got ${param.dtype}`)
  })
  const start = nodeOf(root, op)
  const ends = wanted.map(param => nodeOf(param, op))
  const targets = new Set(ends)
  const terms = new Map<Node, Tensor[]>([[start, [constant('gradients', 1, 'float32')]]])
  const totals = new Map<Node, Tensor>()
  for (const node of nodesBetween(op, start, ends)) {
    const received = terms.get(node)
    if (!received) continue
    terms.delete(node)
    const dy = sum(received)
    if (targets.has(node)) totals.set(node, dy)
    backward(node, dy).forEach((grad, i) => {
      if (!grad || !isFloat(node.inputs[i].dtype)) return
      const list = terms.get(node.inputs[i])
      if (list) list.push(grad)
      else terms.set(node.inputs[i], [grad])
    })
  }
  return wanted.map((param, i) => {
    const total = totals.get(ends[i])
    if (total) return owned(cast('gradients', total, param.dtype))
    return allowUnused ? null : cast('gradients', zerosOf(param.shape), param.dtype)
  })
}

/** Value and gradients of a function of tensors. */
export interface ValueAndGrads {
  value: Tensor
  /** One per argument that is a float tensor or parameter, in order. */
  grads: Tensor[]
}

/**
 * A function that returns the value of `fn` together with its gradients towards every argument that is
 * a float tensor or parameter.
 * @param fn gives a scalar float tensor
 */
export function valueAndGrad<A extends unknown[]>(fn: (...args: A) => Tensor): (...args: A) => ValueAndGrads {
  return (...args) => {
    const value = fn(...args)
    const isTensorLike = (arg: unknown): arg is TensorLike => arg instanceof Tensor || arg instanceof Parameter
    const floats = args.filter(isTensorLike).filter(arg => isFloat(arg.dtype))
    return { value, grads: gradientsFor('valueAndGrad', value, floats, {}) as Tensor[] }
  }
}
