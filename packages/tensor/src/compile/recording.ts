import { isFloat } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { releaseNode } from '../graph/lifetime.ts'
import { createNode, currentId, type Node } from '../graph/node.ts'
import type { Parameter } from '../parameter.ts'
import { scope } from '../scope.ts'
import { fromNode, heldNode, nodeOf, Tensor } from '../tensor.ts'
import { type Arguments, fill, type Pattern } from './pattern.ts'
import { StandIns } from './stand-ins.ts'
import { type Tracing, within } from './tracing.ts'

/** What stands where in the result of a call. */
export type ResultPattern =
  /** A target of the graph. */
  | { readonly kind: 'target'; readonly at: number }
  /** A tensor argument, by its place among them. */
  | { readonly kind: 'argument'; readonly at: number }
  | { readonly kind: 'number'; readonly at: number }
  /** The value of a parameter before the call, by its place among those of which it is returned. */
  | { readonly kind: 'before'; readonly at: number }
  | { readonly kind: 'after'; readonly parameter: Parameter }
  | { readonly kind: 'list'; readonly items: readonly ResultPattern[] }
  | { readonly kind: 'record'; readonly names: readonly string[]; readonly items: readonly ResultPattern[] }
  | { readonly kind: 'fixed'; readonly value: unknown }

/** The graph of a function for arguments of one pattern, with leaves that take the values of each call. */
export interface Recording {
  readonly pattern: readonly Pattern[]
  readonly standIns: StandIns
  /**
   * Leaves for the tensors among the arguments, of which those that are the same tensor have their first one's, then
   * for the values of parameters.
   */
  readonly leaves: readonly Node[]
  /** Parameters that the function reads. */
  readonly parameters: readonly Parameter[]
  /** Those of which it returns the value before the call. */
  readonly returned: readonly Parameter[]
  /** Values from outside of the function. */
  readonly captured: readonly Node[]
  /** Numbers and random bits, which may differ from call to call. */
  readonly drawn: readonly Node[]
  /** What is computed: results, then new values of parameters. */
  readonly targets: readonly Node[]
  readonly results: readonly Node[]
  readonly assigned: readonly Parameter[]
  readonly result: ResultPattern
  /** Whether a float can lead to a float. */
  readonly differentiable: boolean
}

const leafLike = ({ shape, dtype, op }: Node): Node => createNode(op, { kind: 'leaf' }, dtype, shape, [])

/** What a run reads from and assigns to parameters. */
class Cells {
  readonly reads = new Map<Parameter, Node>()
  readonly present = new Map<Parameter, Tensor>()

  read(parameter: Parameter): Tensor {
    const known = this.present.get(parameter)
    if (known) return known
    const { shape, dtype } = parameter
    const node = createNode('parameter', { kind: 'leaf' }, dtype, shape, [])
    const handle = heldNode(node)
    this.reads.set(parameter, node)
    this.present.set(parameter, handle)
    return handle
  }

  assign(parameter: Parameter, value: Tensor): void {
    const { dtype, shape } = value
    const input = nodeOf(value, 'assign')
    const node = createNode('parameter', { kind: 'rule', backward: null, keep: true }, dtype, shape, [input])
    this.present.set(parameter, heldNode(node))
  }
}

/**
 * Runs `fn` once, with what stands for arguments of a pattern, to learn its graph.
 * @param found the arguments of the first call
 */
export function record(fn: (...args: never[]) => unknown, pattern: readonly Pattern[], found: Arguments): Recording {
  const before = currentId()
  let recording: Recording | null = null
  scope(() => {
    const inputs = found.nodes.map(leafLike)
    const standIns = new StandIns(found.numbers)
    const cells = new Cells()
    const tracing: Tracing = {
      numberOf: x => {
        const place = standIns.placeOf(x)
        return place === undefined ? undefined : standIns.numbers[place]
      },
      constantOf: (op, standIn, dtype, like) => standIns.constantOf(op, standIn, dtype, like),
      keyOf: (op, key) => standIns.keyOf(op, key),
      childOf: (parent, i) => standIns.childOf(parent, i),
      read: parameter => cells.read(parameter),
      assign: (parameter, value) => cells.assign(parameter, value),
    }
    const handles = found.nodes.map(({ position }) => fromNode(inputs[position]))
    const value = within(tracing, () => fn(...(fill(pattern, handles, standIns.tensors) as never[])))
    if (value instanceof Promise) {
      value.catch(() => {})
      throw new SurprisalError('argument', 'compile: fn must not be asynchronous')
    }
    const results = new Results(before, inputs, standIns, cells)
    const result = results.patternOf(value)
    const assigned = [...cells.present.keys()].filter(parameter => isAssigned(cells, parameter))
    const news = assigned.map(parameter => nodeOf(cells.present.get(parameter) as Tensor, 'compile'))
    const targets = [...results.targets, ...news]
    for (const target of targets) target.consumers += 1
    const leaves = [...inputs, ...cells.reads.values()]
    const { captured, drawn } = behind(targets, before)
    recording = {
      pattern,
      standIns,
      leaves,
      parameters: [...cells.reads.keys()],
      returned: results.returned,
      captured,
      drawn,
      targets,
      results: results.targets,
      assigned,
      result,
      differentiable: [...leaves, ...captured].some(({ dtype }) => isFloat(dtype)),
    }
  })
  return recording as unknown as Recording
}

/** Lets go of what a recording holds. */
export function forget({ targets }: Recording): void {
  for (const target of targets) releaseNode(target)
}

const isAssigned = ({ present, reads }: Cells, parameter: Parameter): boolean =>
  nodeOf(present.get(parameter) as Tensor, 'compile') !== reads.get(parameter)

/** Notes what a function returned. */
class Results {
  readonly targets: Node[] = []
  readonly returned: Parameter[] = []
  readonly #reads: ReadonlyMap<Node, Parameter>
  readonly #known = new Map<unknown, ResultPattern>()
  readonly #before: number
  readonly #inputs: readonly Node[]
  readonly #standIns: StandIns

  constructor(before: number, inputs: readonly Node[], standIns: StandIns, { reads, present }: Cells) {
    this.#before = before
    this.#inputs = inputs
    this.#standIns = standIns
    for (const [parameter, handle] of present) this.#known.set(nodeOf(handle, 'compile'), { kind: 'after', parameter })
    this.#reads = new Map([...reads].map(([parameter, node]) => [node, parameter]))
  }

  patternOf(value: unknown): ResultPattern {
    if (value instanceof Tensor) return this.#tensor(value)
    if (Array.isArray(value)) return { kind: 'list', items: value.map(item => this.patternOf(item)) }
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
      return { kind: 'fixed', value }
    const items = Object.values(value).map(item => this.patternOf(item))
    return { kind: 'record', names: Object.keys(value), items }
  }

  #tensor(value: Tensor): ResultPattern {
    const number = this.#standIns.placeOf(value)
    if (number !== undefined) return { kind: 'number', at: number }
    const node = nodeOf(value, 'compile')
    const parameter = this.#reads.get(node)
    if (parameter) return { kind: 'before', at: this.returned.push(parameter) - 1 }
    const known = this.#known.get(value) ?? this.#known.get(node)
    if (known) return known
    const argument = this.#inputs.indexOf(node)
    if (argument >= 0) return { kind: 'argument', at: argument }
    if (node.id <= this.#before) return { kind: 'fixed', value }
    const made: ResultPattern = { kind: 'target', at: this.targets.push(node) - 1 }
    this.#known.set(value, made)
    return made
  }
}

/** What the targets are made of: values from before the run, and nodes of numbers and keys. */
function behind(targets: readonly Node[], before: number): Pick<Recording, 'captured' | 'drawn'> {
  const seen = new Set<Node>(targets)
  const captured: Node[] = []
  const drawn: Node[] = []
  for (const node of seen) {
    const { kind } = node.primitive
    if (node.id <= before) captured.push(node)
    else for (const input of node.inputs) seen.add(input)
    if (node.id > before && (kind === 'constant' || kind === 'random')) drawn.push(node)
  }
  return { captured, drawn }
}
