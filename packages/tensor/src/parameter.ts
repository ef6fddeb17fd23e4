import { currentTracing } from './compile/tracing.ts'
import { SurprisalError } from './error.ts'
import { countOverdueRuns, recycle } from './evaluate.ts'
import { createNode, type Node } from './graph/node.ts'
import type { Storage } from './graph/storage.ts'
import { sameShape, shapeText } from './shape.ts'
import { heldNode, isDisposed, nodeOf, Tensor } from './tensor.ts'

/** The same values under a name of its own, so that gradients tell the cell from what it was made of. */
function twinOf(node: Node, storage: Storage): Node {
  const twin = createNode('parameter', { kind: 'leaf' }, node.dtype, node.shape, [])
  twin.storage = storage
  twin.place = node.place
  storage.sharers += 1
  return twin
}

/** Whether a cell's value lies in memory that others read as well. */
const isShared = (value: Tensor): boolean => (nodeOf(value, 'Parameter').storage?.sharers ?? 0) > 0

/**
 * A tensor that cuts its history when its value has been computed, and is computed whenever a plan passes it or what
 * it was assigned. It outlives the scope in which it was assigned.
 */
function cell(op: string, value: Tensor): Tensor {
  const node = nodeOf(value, op)
  if (node.storage && node.inputs.length === 0) return heldNode(twinOf(node, node.storage))
  node.cell = createNode('parameter', { kind: 'rule', backward: null, keep: true }, node.dtype, node.shape, [node])
  return heldNode(node.cell)
}

/** A value that a cell had. */
interface Version {
  readonly node: Node
  /** How many runs nobody had asked for there were when the value before it was assigned. */
  readonly overdueRuns: number
}

let readCell: (parameter: Parameter) => Tensor
let replace: (parameter: Parameter, node: Node) => void

/**
 * The one mutable thing: a cell that holds a tensor and is taken by ops wherever they take one. Assigning a new
 * value takes effect for graphs built afterwards; it does not compute anything by itself.
 */
export class Parameter {
  #value: Tensor
  /** The handle that `value` gives out, which its owner may dispose of. */
  #handle: Tensor | null = null
  /** Whether a caller may still hold the value, which then lives on when it is replaced. */
  #shared: boolean
  /** Values before, unless they were handed out: recycled when the one that came next is computed and replaced. */
  #before: Version[] = []
  /** Counts of the present value: when the one before it was assigned, and when it was itself. */
  #overdueRuns: readonly [number, number] = [countOverdueRuns(), countOverdueRuns()]
  /** Whether optimisers should train it. */
  requiresGrad: boolean
  /** Its path in the module that holds it, when there is one. */
  name: string | undefined

  /** @param value initial value, any shape and dtype */
  constructor(value: Tensor, options: { requiresGrad?: boolean; name?: string } = {}) {
    if (!(value instanceof Tensor))
      throw new SurprisalError('argument', `Parameter: value must be a tensor, got ${String(value)}`)
    if (currentTracing())
      throw new SurprisalError('argument', 'Parameter: cannot be made inside of a compiled function')
    this.#value = cell('Parameter', value)
    this.#shared = isShared(this.#value)
    this.requiresGrad = options.requiresGrad ?? true
    this.name = options.name
  }

  /** The present value; disposing of it takes nothing from the cell. */
  get value(): Tensor {
    const tracing = currentTracing()
    if (tracing) return heldNode(nodeOf(tracing.read(this), 'value'))
    this.#shared = true
    if (!this.#handle || isDisposed(this.#handle)) this.#handle = heldNode(nodeOf(this.#value, 'value'))
    return this.#handle
  }

  set value(next: Tensor) {
    this.assign(next)
  }

  get shape(): readonly number[] {
    return this.#value.shape
  }

  get dtype(): Tensor['dtype'] {
    return this.#value.dtype
  }

  /**
   * Replaces the value, without computing it. A value that only graphs have used is kept until the next assignment has
   * been computed; then its memory is used again, so that a training loop runs in two buffers.
   * @throws {SurprisalError} `shape` or `dtype` when the new value does not look like the old one, `argument` when it
   * is no tensor
   */
  assign(next: Tensor | Parameter): void {
    const value = next instanceof Parameter ? next.value : next
    if (!(value instanceof Tensor))
      throw new SurprisalError('argument', `assign: value must be a tensor, got ${String(value)}`)
    if (!sameShape(value.shape, this.shape))
      throw new SurprisalError(
        'shape',
        `assign: value must have shape ${shapeText(this.shape)}, got ${shapeText(value.shape)}`,
      )
    if (value.dtype !== this.dtype)
      throw new SurprisalError('dtype', `assign: value must be ${this.dtype}, got ${value.dtype}`)
    const tracing = currentTracing()
    if (tracing) tracing.assign(this, value)
    else this.#replace(cell('assign', value))
  }

  #replace(held: Tensor): void {
    const runs = countOverdueRuns()
    const present = { node: nodeOf(this.#value, 'assign'), overdueRuns: this.#overdueRuns[0] }
    const versions = [...this.#before, present]
    const computed = versions.findLastIndex(({ node }) => node.storage !== null)
    // What is computed ahead of time leaves out what else the step is to compute: that may need the value before.
    const isPartial = computed >= 0 && versions[computed].overdueRuns !== runs
    const done = Math.max(0, isPartial ? computed - 1 : computed)
    for (const { node } of versions.slice(0, done)) recycle(node)
    this.#before = versions.slice(done, -1)
    if (this.#shared) this.#value.dispose()
    else this.#before.push(present)
    this.#overdueRuns = [this.#overdueRuns[1], runs]
    this.#value = held
    this.#handle = null
    this.#shared = isShared(this.#value)
  }

  static {
    readCell = parameter => currentTracing()?.read(parameter) ?? parameter.#value
    replace = (parameter, node) => parameter.#replace(heldNode(node))
  }
}

/** Replaces a cell's value by one that has been computed for it alone. */
export const replaceValue = (parameter: Parameter, node: Node): void => replace(parameter, node)

/** The value of a cell for an op, which will not hand it on. */
export const cellValue = (parameter: Parameter): Tensor => readCell(parameter)
