import { deviceAt, placeOf } from '../device.ts'
import type { DType, HostArray } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import type { Shape } from '../shape.ts'
import type { AffineMap } from './affine.ts'
import type { Storage } from './storage.ts'

export type UnaryName =
  | 'neg'
  | 'abs'
  | 'sign'
  | 'sqrt'
  | 'rsqrt'
  | 'reciprocal'
  | 'exp'
  | 'exp2'
  | 'expm1'
  | 'log'
  | 'log2'
  | 'log10'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'sigmoid'
  | 'softplus'
  | 'erf'
  | 'erfc'
  | 'erfinv'
  | 'lgamma'
  | 'digamma'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'trunc'
  | 'bitwiseNot'
  | 'logicalNot'
  | 'isnan'
  | 'isfinite'
  | 'isinf'
  | 'normalFromBits'

export type BinaryName =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'floorDivide'
  | 'remainder'
  | 'fmod'
  | 'pow'
  | 'atan2'
  | 'hypot'
  | 'logaddexp'
  | 'maximum'
  | 'minimum'
  | 'fmax'
  | 'fmin'
  | 'bitwiseAnd'
  | 'bitwiseOr'
  | 'bitwiseXor'
  | 'shiftLeft'
  | 'shiftRight'
  | 'equal'
  | 'notEqual'
  | 'less'
  | 'lessEqual'
  | 'greater'
  | 'greaterEqual'
  | 'logicalAnd'
  | 'logicalOr'
  | 'logicalXor'

export type ReduceName = 'sum' | 'prod' | 'max' | 'min' | 'any' | 'all' | 'argmax' | 'argmin'
export type ScanName = 'sum' | 'prod' | 'logsumexp' | 'argmax' | 'argmin'
export type ScatterName = 'set' | 'add' | 'mul' | 'max' | 'min'

/** Backward rule of a node with a gradient of its own: one graph per input, null where nothing flows. */
export type BackwardRule = (dy: Node, inputs: readonly Node[], output: Node) => readonly (Node | null)[]

/** A routine in plain TypeScript over dense arrays; `op` of the caller names it in messages. */
export type HostRoutine = (inputs: readonly HostArray[], shapes: readonly Shape[], output: HostArray) => void

/**
 * The instruction set under every op. Shapes and dtypes stand on the node, the rest of what an
 * executor needs stands here. Operands of `unary`, `binary` and `select` have the node's shape.
 */
export type Primitive =
  | { readonly kind: 'leaf' }
  /** One number, repeated over the shape. */
  | { readonly kind: 'constant'; readonly value: number }
  /** `start + i * step` computed in float64 and rounded once. */
  | { readonly kind: 'iota'; readonly start: number; readonly step: number }
  /** Threefry bits at the element's row-major index. */
  | { readonly kind: 'random'; readonly key: readonly [number, number] }
  | { readonly kind: 'unary'; readonly f: UnaryName }
  | { readonly kind: 'binary'; readonly f: BinaryName }
  /** Inputs condition (bool), a, b. */
  | { readonly kind: 'select' }
  | { readonly kind: 'cast' }
  | { readonly kind: 'view'; readonly map: AffineMap }
  /** The adjoint of a view: adds every element where the view read it; the node's shape is the view's source. */
  | { readonly kind: 'fold'; readonly map: AffineMap }
  /** Reduced dims are gone from the shape. */
  | { readonly kind: 'reduce'; readonly f: ReduceName; readonly dims: readonly number[] }
  | {
      readonly kind: 'scan'
      readonly f: ScanName
      readonly dim: number
      readonly exclusive: boolean
      readonly reverse: boolean
    }
  /** `[B, M, K] x [B, K, N] -> [B, M, N]`; two 8-bit or int32 operands give int32. */
  | { readonly kind: 'contract' }
  /** Element by element along one dim: inputs x, index. */
  | { readonly kind: 'gather'; readonly dim: number; readonly op: string }
  /** Inputs base, index, source (of index's shape). Collisions are resolved in row-major order. */
  | { readonly kind: 'scatter'; readonly f: ScatterName; readonly dim: number; readonly op: string }
  /** Whole slices along one dim by a 1-D index: inputs x, index. */
  | { readonly kind: 'take'; readonly dim: number; readonly op: string }
  /** Adds (or sets) whole slices along one dim at a 1-D index: inputs base, index, source. */
  | { readonly kind: 'put'; readonly f: 'add' | 'set'; readonly dim: number; readonly op: string }
  /** Stable order of the elements along one dim, int32; NaN is the greatest. */
  /** The first places of the order: as many as the result has along the dim. */
  | { readonly kind: 'argsort'; readonly dim: number; readonly descending: boolean }
  | { readonly kind: 'cat'; readonly dim: number }
  | { readonly kind: 'host'; readonly name: string; readonly run: HostRoutine }
  /** The value of the first input with a gradient of its own towards the others. */
  | { readonly kind: 'rule'; readonly backward: BackwardRule | null; readonly keep: boolean }

export type PrimitiveKind = Primitive['kind']

/** One value of the lazy graph. Immutable but for `storage` and what follows from its having been computed. */
export interface Node {
  /** Grows with creation, so that a node's inputs always have smaller ids than the node. */
  readonly id: number
  primitive: Primitive
  readonly shape: Shape
  readonly dtype: DType
  inputs: readonly Node[]
  storage: Storage | null
  /** The op that made it, for messages. */
  readonly op: string
  /** Handles on it that have not been disposed of. */
  handles: number
  /** Nodes that have it as an input, as far as they are known to live. */
  consumers: number
  /** Nothing needs it any more; its memory has been given back. */
  loose: boolean
  /** The walk that saw it last, and its place there. */
  visit: number
  position: number
  /** The cell that it was assigned to last: computed with it, so that no plan computes it again for the cell. */
  cell: Node | null
  /** Length of the longest chain of reads, each built on the one before, that ends with it. */
  reads: number
  /** The smallest id among itself and what it waits for, as far as that had no value when last looked at. */
  oldest: number
  /** Bytes of the computed values that its graph keeps, at most: those that it has from several sides count often. */
  pinned: number
  /** Its inputs are gone although gradients could pass through them. */
  trimmed: boolean
  /** Where it is computed, as `placeOf` numbers devices; 0 for what follows from no data, which adapts. */
  place: number
}

let lastId = 0
let lastWalk = 0

/** A number for a walk, with which it marks the nodes that it has seen; no walk may begin within another. */
export const nextWalk = (): number => ++lastWalk

/** The id that the next node will exceed. */
export const currentId = (): number => lastId

/** A node that waits for one this much older is computed when it is made, so that no graph grows without end. */
export const mostWaiting = 20_000
/** As is one whose graph keeps more bytes of values than this. */
export const mostPinned = 2 ** 30

let compute: (node: Node) => void = () => {}

/** Sets what is told of a node that should be computed when it is made. */
export function onOverdue(callback: (node: Node) => void): void {
  compute = callback
}

const everyPlace = placeOf('cpu') | placeOf('webgpu')

function differentDevices(op: string, inputs: readonly Node[]): SurprisalError {
  for (const input of inputs) input.consumers -= 1
  const places = new Set(inputs.flatMap(({ place }) => (place === 0 ? [] : [place])))
  const names = [...places].map(place => deviceAt(place)).join(', ')
  return new SurprisalError('device', `${op}: tensors are on different devices (${names})`)
}

export function createNode(
  op: string,
  primitive: Primitive,
  dtype: DType,
  shape: Shape,
  inputs: readonly Node[],
): Node {
  lastId += 1
  let oldest = lastId
  let pinned = 0
  let place = 0
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i]
    input.consumers += 1
    place |= input.place
    if (input.storage) pinned += input.storage.bytes
    else {
      if (input.oldest < oldest) oldest = input.oldest
      pinned += input.pinned
    }
  }
  if (place === everyPlace) throw differentDevices(op, inputs)
  const node: Node = {
    id: lastId,
    primitive,
    shape,
    dtype,
    inputs,
    storage: null,
    op,
    handles: 0,
    consumers: 0,
    loose: false,
    visit: 0,
    position: 0,
    cell: null,
    reads: 0,
    oldest,
    pinned,
    trimmed: false,
    place,
  }
  if (lastId - oldest > mostWaiting || pinned > mostPinned) compute(node)
  return node
}
