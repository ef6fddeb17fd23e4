import { dtypes } from '../dtype.ts'
import type { AffineMap } from '../graph/affine.ts'
import { type Node, nextWalk, type PrimitiveKind } from '../graph/node.ts'

/** The part of a graph that a read needs, in an order in which operands come first. */
export interface Trace {
  /** Computed values, numbers and primitives; rules are skipped, as they only name their value. */
  readonly nodes: readonly Node[]
  /** Place in `nodes` of each target's value. */
  readonly targets: readonly number[]
  /** Everything a plan depends on. Numbers, random keys, addresses and host routines are not part of it. */
  readonly key: Int32Array
  readonly hash: number
}

const kinds: Record<Exclude<PrimitiveKind, 'rule'>, number> = {
  leaf: 1,
  constant: 2,
  iota: 3,
  random: 4,
  unary: 5,
  binary: 6,
  select: 7,
  cast: 8,
  view: 9,
  fold: 10,
  reduce: 11,
  scan: 12,
  contract: 13,
  gather: 14,
  scatter: 15,
  take: 16,
  put: 17,
  argsort: 18,
  cat: 19,
  host: 20,
}
const scalarKind = 21
const dtypeCodes = Object.fromEntries(dtypes.map((dtype, i) => [dtype, i]))

const names = new Map<string, number>()

/** A number for a name, the same as long as the program runs. */
function intern(name: string): number {
  const known = names.get(name)
  if (known !== undefined) return known
  names.set(name, names.size + 1)
  return names.size
}

/** Whether a number is part of the code of a kernel: others are given at each run, so that a plan serves all of them. */
export function isStructural(value: number): boolean {
  const magnitude = Math.abs(value)
  return (
    value === 0 || magnitude === 1 || magnitude === 2 || value === 0.5 || magnitude === Infinity || Number.isNaN(value)
  )
}

/** Whether a value is the int32 position itself, which needs no arithmetic. */
export const isPlainIota = ({ primitive, dtype }: Pick<Node, 'primitive' | 'dtype'>): boolean =>
  primitive.kind === 'iota' && primitive.start === 0 && primitive.step === 1 && dtype === 'int32'

/** The node whose value a chain of rules names. */
export function skipRules(node: Node): Node {
  let at = node
  while (at.primitive.kind === 'rule' && !at.storage) at = at.inputs[0]
  return at
}

const doubles = new Float64Array(1)
const halves = new Int32Array(doubles.buffer)

let words = new Int32Array(4096)
let length = 0

const stack: Node[] = []
const next: number[] = []

function push(word: number): void {
  if (length === words.length) {
    const grown = new Int32Array(2 * words.length)
    grown.set(words)
    words = grown
  }
  words[length++] = word
}

function pushDouble(value: number): void {
  doubles[0] = value
  push(halves[0])
  push(halves[1])
}

function pushList(list: readonly number[]): void {
  push(list.length)
  for (let i = 0; i < list.length; i++) push(list[i])
}

function pushMap({ shape, strides, offset, guard }: AffineMap): void {
  pushList(shape)
  for (let d = 0; d < strides.length; d++) push(strides[d])
  push(offset)
  push(guard ? 1 : 0)
  if (!guard) return
  pushList(guard.low)
  pushList(guard.high)
  pushDouble(guard.fill)
}

function pushAttributes(node: Node): void {
  const { primitive, shape } = node
  switch (primitive.kind) {
    case 'iota':
      push(isPlainIota(node) ? 1 : 0)
      pushList(shape)
      return
    case 'random':
    case 'leaf':
      pushList(shape)
      return
    case 'unary':
    case 'binary':
      push(intern(primitive.f))
      return
    case 'view':
      pushMap(primitive.map)
      return
    case 'fold':
      pushList(shape)
      pushMap(primitive.map)
      return
    case 'reduce':
      push(intern(primitive.f))
      pushList(primitive.dims)
      return
    case 'scan':
      push(intern(primitive.f))
      push(4 * primitive.dim + (primitive.exclusive ? 2 : 0) + (primitive.reverse ? 1 : 0))
      return
    case 'gather':
    case 'take':
      push(intern(primitive.op))
      push(primitive.dim)
      return
    case 'scatter':
    case 'put':
      push(intern(primitive.op))
      push(intern(primitive.f))
      push(primitive.dim)
      return
    case 'argsort':
      push(2 * primitive.dim + (primitive.descending ? 1 : 0))
      push(shape[primitive.dim])
      return
    case 'cat':
      push(primitive.dim)
      return
    case 'host':
      push(intern(primitive.name))
      pushList(shape)
  }
}

function encode(node: Node): void {
  const { primitive, storage, inputs } = node
  const dtype = dtypeCodes[node.dtype]
  if (storage) {
    push(kinds.leaf | (dtype << 8))
    pushList(node.shape)
    return
  }
  if (primitive.kind === 'constant') {
    const fixed = isStructural(primitive.value)
    push((fixed ? kinds.constant : scalarKind) | (dtype << 8))
    pushList(node.shape)
    if (fixed) pushDouble(primitive.value)
    return
  }
  push(kinds[primitive.kind as Exclude<PrimitiveKind, 'rule'>] | (dtype << 8) | (inputs.length << 12))
  for (let i = 0; i < inputs.length; i++) push(skipRules(inputs[i]).position)
  pushAttributes(node)
}

/** Walks the graph behind `targets` without recursion: it may be 100,000 nodes deep. */
export function trace(targets: readonly Node[]): Trace {
  const walk = nextWalk()
  length = 0
  const nodes: Node[] = []
  const values = targets.map(skipRules)
  for (const root of values) {
    if (root.visit === walk) continue
    root.visit = walk
    let node = root
    let at = 0
    for (;;) {
      const { inputs } = node
      if (at < inputs.length && !node.storage) {
        const input = skipRules(inputs[at])
        at += 1
        if (input.visit === walk) continue
        input.visit = walk
        stack.push(node)
        next.push(at)
        node = input
        at = 0
        continue
      }
      node.position = nodes.length
      nodes.push(node)
      encode(node)
      if (stack.length === 0) break
      node = stack.pop() as Node
      at = next.pop() as number
    }
  }
  for (const { position } of values) push(position)
  let hash = length
  for (let i = 0; i < length; i++) {
    hash = Math.imul(hash ^ words[i], 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return { nodes, targets: values.map(node => node.position), key: words.subarray(0, length), hash }
}
