import { type AffineMap, composeMaps, identityMap, isContiguous, splatMap } from '../graph/affine.ts'
import type { Node, Primitive } from '../graph/node.ts'
import { sizeOf } from '../shape.ts'
import { pushGather } from './gathers.ts'
import { orientProducts } from './orient.ts'
import { pickOfSum } from './picks.ts'
import { inStages } from './stages.ts'
import { isPlainIota, skipRules, type Trace } from './trace.ts'

/** A strided read of another value. */
export interface Read {
  readonly base: number
  readonly map: AffineMap
  /** For an operand of `contract`: how many dims of `map` make its batch, its second and its third dim. */
  readonly groups?: readonly [number, number, number]
}

/**
 * What a value is to the planner:
 * `leaf` in memory, `number` a constant or scalar, `alias` a view of another value, `pointwise` and `reduce` may be
 * fused, `contract` and `opaque` are kernels of their own.
 */
export type Role = 'leaf' | 'number' | 'alias' | 'pointwise' | 'reduce' | 'contract' | 'opaque'

/** A value of a plan. */
export interface Value {
  readonly node: Pick<Node, 'shape' | 'dtype' | 'op' | 'primitive'>
  /** Place of its node in the trace. */
  readonly position: number
  readonly role: Role
  readonly reads: readonly Read[]
  /** It copies its one read, whatever the node is: a view in memory, or a target that is a name of another value. */
  readonly copies?: true
  /** A number that follows from the structure, so that it is part of the code. */
  readonly fixed?: true
}

/** The values of a trace, operands first, and where its targets stand. */
export interface Values {
  readonly values: readonly Value[]
  /** Each target's value; no two are the same, none is a leaf, a number or an alias. */
  readonly outputs: readonly number[]
}

function roleOf(node: Node, emittable: (node: Node) => boolean): Role {
  if (node.storage) return 'leaf'
  switch (node.primitive.kind) {
    case 'constant':
      return 'number'
    case 'view':
      return node.primitive.map.guard ? 'opaque' : 'alias'
    case 'reduce':
      return 'reduce'
    case 'contract':
      return 'contract'
    case 'iota':
    case 'random':
    case 'select':
    case 'cast':
    case 'gather':
      return 'pointwise'
    case 'unary':
    case 'binary':
      return emittable(node) ? 'pointwise' : 'opaque'
    default:
      return 'opaque'
  }
}

/** How many dims of `inner` make each dim of `outer`, when `outer` is `inner` with neighbouring dims joined. */
function groupDims(outer: readonly number[], inner: readonly number[]): number[] | null {
  const counts: number[] = []
  let at = 0
  for (const [i, size] of outer.entries()) {
    let product = 1
    let count = 0
    while (at < inner.length && (product < size || (inner[at] === 1 && i === outer.length - 1))) {
      product *= inner[at]
      at += 1
      count += 1
    }
    if (product !== size) return null
    counts.push(count)
  }
  return at === inner.length ? counts : null
}

/**
 * Follows views, most of which become strides of what reads them; where two views cannot be one, the inner one is
 * copied. Equal expressions become one value.
 * @param emittable whether a unary or binary function can be part of a fused kernel
 */
export function readValues({ nodes, targets }: Trace, emittable: (node: Node) => boolean): Values {
  const values: Value[] = []
  /** The value of each node, and what views read. */
  const numbers: number[] = []
  const aliases: (Read | null)[] = []
  const known = new Map<string, number>()

  const read = (position: number, map: AffineMap): Read => {
    const number = numbers[position]
    const value = values[number]
    if (value.role === 'number') return { base: number, map: { ...splatMap(map.shape), guard: map.guard } }
    if (value.role === 'alias' && !aliases[position]) aliases[position] = readView(nodes[position])
    const alias = aliases[position]
    if (!alias) return { base: number, map }
    const composed = composeMaps(map, alias.map)
    if (composed) return { base: alias.base, map: composed }
    if (value.role === 'alias') values[number] = copyOf(value.node, position, alias)
    return { base: number, map }
  }
  const readView = ({ primitive, inputs }: Node): Read =>
    read(skipRules(inputs[0]).position, (primitive as Primitive & { kind: 'view' }).map)
  const readWhole = (node: Node): Read => {
    const input = skipRules(node)
    return read(input.position, identityMap(input.shape))
  }
  /** An operand of `contract` that joins dims of a strided read (windows of an image) is read without a copy. */
  const readGrouped = (node: Node): Read => {
    const input = skipRules(node)
    if (values[numbers[input.position]].role !== 'alias' || aliases[input.position]) return readWhole(node)
    const source = skipRules(input.inputs[0])
    const alias = aliases[source.position]
    const counts = alias && isReshape(input) ? groupDims(input.shape, source.shape) : null
    return alias && counts ? { ...alias, groups: counts as [number, number, number] } : readWhole(node)
  }
  const add = (value: Value): number => {
    const key = keyOf(value)
    const same = key === null ? undefined : known.get(key)
    if (same !== undefined) return same
    const number = values.push(value) - 1
    if (key !== null) known.set(key, number)
    return number
  }

  for (const [position, node] of nodes.entries()) {
    const role = roleOf(node, emittable)
    const { primitive, inputs } = node
    let alias: Read | null = null
    let reads: readonly Read[] = []
    if (role === 'alias') {
      const source = skipRules(inputs[0]).position
      const inner = aliases[source]
      // A reshape that no strides can say waits for a reader: `contract` may not need the copy.
      const waits = inner && isReshape(node) && !composeMaps((primitive as { map: AffineMap }).map, inner.map)
      if (!waits) alias = readView(node)
    } else if (primitive.kind === 'view' && role === 'opaque') reads = [readView(node)]
    else if (role !== 'leaf' && role !== 'number') reads = inputs.map(role === 'contract' ? readGrouped : readWhole)
    const given = inStages(
      { node: described(node.storage ? { ...node, primitive: { kind: 'leaf' } } : node), position, role, reads },
      add,
    )
    const value = pickOfSum(given, values, add)
    numbers.push(primitive.kind === 'gather' && !node.storage ? pushGather(value, values, add) : add(value))
    aliases.push(alias)
  }

  const asked = targets.map(target => read(target, identityMap(nodes[target].shape)))
  orientProducts(values, asked)
  const taken = new Set<number>()
  const outputs = targets.map((target, i) => {
    const { base, map } = asked[i]
    const { role, node } = values[base]
    const whole = isContiguous(map) && map.offset === 0 && sizeOf(map.shape) === sizeOf(node.shape)
    if (whole && role !== 'leaf' && role !== 'number' && !taken.has(base)) {
      taken.add(base)
      return base
    }
    return values.push(copyOf(nodes[target], target, { base, map })) - 1
  })
  return { values, outputs }
}

/** What plans keep of a node: they live long, and its graph must not. */
const described = ({ shape, dtype, op, primitive }: Value['node']): Value['node'] => ({ shape, dtype, op, primitive })

/** A value that copies what it reads, of a node's shape and dtype. */
export const copyOf = (node: Value['node'], position: number, read: Read): Value => ({
  node: described(node),
  position,
  role: 'pointwise',
  reads: [read],
  copies: true,
})

const isReshape = ({ primitive }: Node): boolean =>
  primitive.kind === 'view' && isContiguous(primitive.map) && primitive.map.offset === 0

/** What tells a value from others, null where equal texts would not mean equal values. */
function keyOf({ node, role, reads }: Value): string | null {
  const { primitive, dtype, shape } = node
  if (role !== 'pointwise' && role !== 'reduce' && role !== 'contract') return null
  if ((primitive.kind === 'iota' && !isPlainIota(node)) || primitive.kind === 'random') return null
  const operands = reads.map(({ base, map }) => `${base}:${map.shape}:${map.strides}:${map.offset}`)
  return `${JSON.stringify(primitive)} ${dtype} ${shape} ${operands.join(' ')}`
}
