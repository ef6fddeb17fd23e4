import { type DType, isFloat, roundToHalf } from './dtype.ts'
import { SurprisalError } from './error.ts'
import type { AffineMap } from './graph/affine.ts'
import {
  type BackwardRule,
  type BinaryName,
  createNode,
  currentId,
  type HostRoutine,
  type Node,
  type Primitive,
  type ReduceName,
  type ScanName,
  type ScatterName,
  type UnaryName,
} from './graph/node.ts'
import { broadcastShapes, contiguousStrides, type Shape, sameShape, sizeOf } from './shape.ts'
import { fromNode, lend, lentNode, nodeOf, Tensor } from './tensor.ts'

/*
 * Builders of single nodes, for the ops: shapes and dtypes of the result are worked out here, the user's
 * mistakes are reported by the ops. `op` is the name of the op that messages will show.
 */

export function make(op: string, primitive: Primitive, dtype: DType, shape: Shape, inputs: readonly Tensor[]): Tensor {
  return fromNode(
    createNode(
      op,
      primitive,
      dtype,
      shape,
      inputs.map(input => nodeOf(input, op)),
    ),
  )
}

const scalarShape: Shape = []
const noInputs: readonly Node[] = []

/** One number, repeated over `shape`. */
const constantNode = (op: string, value: number, dtype: DType, shape: Shape): Node =>
  createNode(op, { kind: 'constant', value: dtype === 'float16' ? roundToHalf(value) : value }, dtype, shape, noInputs)

export function constant(op: string, value: number, dtype: DType): Tensor {
  return fromNode(constantNode(op, value, dtype, scalarShape))
}

/** A handle of its own on the same value, for an op that has nothing to do: disposing of it leaves `x` alone. */
export const sameValue = (op: string, x: Tensor): Tensor => fromNode(nodeOf(x, op))

/** A number beside `x`, repeated over its shape. Nobody outside sees the handle. */
export const constantLike = (op: string, value: number, dtype: DType, { shape }: Tensor): Tensor =>
  lentNode(constantNode(op, value, dtype, shape))

export function cast(op: string, x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : make(op, { kind: 'cast' }, dtype, x.shape, [x])
}

/** Computes in float32 what a float16 input asks for, and rounds the result once. */
export function inFloat32(op: string, x: Tensor, compute: (x: Tensor) => Tensor): Tensor {
  if (x.dtype !== 'float16') return compute(x)
  const y = compute(cast(op, x, 'float32'))
  return y.dtype === 'float32' ? cast(op, y, 'float16') : y
}

const predicates = new Set<UnaryName>(['isnan', 'isfinite', 'isinf', 'logicalNot'])

/** Same dtype out as in, bool for predicates. */
export function unary(op: string, f: UnaryName, x: Tensor): Tensor {
  return inFloat32(op, x, y =>
    make(op, { kind: 'unary', f }, f === 'normalFromBits' ? 'float32' : predicates.has(f) ? 'bool' : y.dtype, y.shape, [
      y,
    ]),
  )
}

const comparisons = new Set<BinaryName>([
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
  'logicalAnd',
  'logicalOr',
  'logicalXor',
])

/** Operands of one dtype, broadcast here; same dtype out, bool for comparisons. */
export function binary(op: string, f: BinaryName, a: Tensor, b: Tensor): Tensor {
  const shape = sameShape(a.shape, b.shape) ? a.shape : broadcastShapes(op, a.shape, b.shape)
  const half = a.dtype === 'float16'
  const x = broadcastTo(op, half ? cast(op, a, 'float32') : a, shape)
  const y = broadcastTo(op, half ? cast(op, b, 'float32') : b, shape)
  const dtype = comparisons.has(f) ? 'bool' : x.dtype
  const out = fromNode(createNode(op, { kind: 'binary', f }, dtype, shape, [nodeOf(x, op), nodeOf(y, op)]))
  return half && dtype === 'float32' ? cast(op, out, 'float16') : out
}

/** `condition ? a : b` of a bool condition and two tensors of one dtype, all broadcast. */
export function select(op: string, condition: Tensor, a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShapes(op, broadcastShapes(op, condition.shape, a.shape), b.shape)
  return make(
    op,
    { kind: 'select' },
    a.dtype,
    shape,
    [condition, a, b].map(x => broadcastTo(op, x, shape)),
  )
}

/** A view of `x` by a map over its row-major elements. */
export function view(op: string, x: Tensor, map: AffineMap): Tensor {
  return make(op, { kind: 'view', map }, x.dtype, map.shape, [x])
}

/** Adds the elements of `x` where `map` read them, into zeros of `source`; the adjoint of {@link view}. */
export function fold(op: string, x: Tensor, map: AffineMap, source: Shape): Tensor {
  return make(op, { kind: 'fold', map }, x.dtype, source, [x])
}

/** Same elements in another shape of equal size. */
export function reshapeTo(op: string, x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x
  return view(op, x, { shape, strides: contiguousStrides(shape), offset: 0, guard: null })
}

/** `x` repeated along new dims in front and along dims of size 1; shapes must be compatible. */
export function broadcastTo(op: string, x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x
  const own = contiguousStrides(x.shape)
  const ahead = shape.length - x.shape.length
  const strides = shape.map((dim, d) => (d < ahead || (x.shape[d - ahead] === 1 && dim !== 1) ? 0 : own[d - ahead]))
  return view(op, x, { shape, strides, offset: 0, guard: null })
}

export function permuteDims(op: string, x: Tensor, order: readonly number[]): Tensor {
  const own = contiguousStrides(x.shape)
  return view(op, x, { shape: order.map(d => x.shape[d]), strides: order.map(d => own[d]), offset: 0, guard: null })
}

/** Of dims that are reduced around kept ones, those behind the last kept one: a kernel reduces only neighbours. */
function trailingDims(shape: Shape, dims: readonly number[]): number[] | null {
  if (dims.length === shape.length) return null
  let first = shape.length
  while (first > 0 && (shape[first - 1] === 1 || dims.includes(first - 1))) first -= 1
  const inner = dims.filter(d => d >= first)
  const splits = inner.some(d => shape[d] !== 1) && dims.some(d => d < first && shape[d] !== 1)
  return splits ? inner : null
}

/** Reduced dims are dropped. `sum` and `prod` keep the dtype they are given; `argmax` and `argmin` give int32. */
export function reduce(op: string, f: ReduceName, x: Tensor, dims: readonly number[]): Tensor {
  const shape = x.shape.filter((_, d) => !dims.includes(d))
  const dtype = f === 'argmax' || f === 'argmin' ? 'int32' : x.dtype
  const inner = trailingDims(x.shape, dims)
  if (inner && dtype === x.dtype) {
    const kept = x.shape.map((_, d) => d).filter(d => !inner.includes(d))
    const rest = dims.filter(d => !inner.includes(d)).map(d => kept.indexOf(d))
    return reduce(op, f, reduce(op, f, x, inner), rest)
  }
  if (x.dtype === 'float16' && dtype !== 'int32')
    return cast(op, reduce(op, f, cast(op, x, 'float32'), dims), 'float16')
  return make(op, { kind: 'reduce', f, dims }, dtype, shape, [x])
}

/** The same with the reduced dims kept as 1. */
export function reduceKeep(op: string, f: ReduceName, x: Tensor, dims: readonly number[]): Tensor {
  return reshapeTo(
    op,
    reduce(op, f, x, dims),
    x.shape.map((dim, d) => (dims.includes(d) ? 1 : dim)),
  )
}

export function scan(
  op: string,
  f: ScanName,
  x: Tensor,
  dim: number,
  { exclusive = false, reverse = false }: { exclusive?: boolean; reverse?: boolean } = {},
): Tensor {
  const dtype = f === 'argmax' || f === 'argmin' ? 'int32' : x.dtype
  return make(op, { kind: 'scan', f, dim, exclusive, reverse }, dtype, x.shape, [x])
}

/** Batched product `[B, M, K] x [B, K, N]` of one dtype; 8-bit operands give int32. */
export function contract(op: string, a: Tensor, b: Tensor): Tensor {
  const shape = [a.shape[0], a.shape[1], b.shape[2]]
  if (a.dtype === 'float16' || b.dtype === 'float16')
    return cast(op, contract(op, cast(op, a, 'float32'), cast(op, b, 'float32')), 'float16')
  return make(op, { kind: 'contract' }, isFloat(a.dtype) ? a.dtype : 'int32', shape, [a, b])
}

export function gatherAlong(op: string, x: Tensor, dim: number, index: Tensor): Tensor {
  return make(op, { kind: 'gather', dim, op }, x.dtype, index.shape, [x, index])
}

export function scatterAlong(
  op: string,
  f: ScatterName,
  base: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
): Tensor {
  return make(op, { kind: 'scatter', f, dim, op }, base.dtype, base.shape, [base, index, source])
}

export function takeSlices(op: string, x: Tensor, dim: number, index: Tensor): Tensor {
  const shape = x.shape.map((size, d) => (d === dim ? index.shape[0] : size))
  return make(op, { kind: 'take', dim, op }, x.dtype, shape, [x, index])
}

export function putSlices(
  op: string,
  f: 'add' | 'set',
  base: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
): Tensor {
  return make(op, { kind: 'put', f, dim, op }, base.dtype, base.shape, [base, index, source])
}

/** @param places how many of the order, from its beginning */
export function orderAlong(
  op: string,
  x: Tensor,
  dim: number,
  descending: boolean,
  places: number = x.shape[dim],
): Tensor {
  const shape = x.shape.map((size, d) => (d === dim ? places : size))
  return make(op, { kind: 'argsort', dim, descending }, 'int32', shape, [x])
}

/** Parts of one dtype that agree in the other dims. */
export function concatenate(op: string, parts: readonly Tensor[], dim: number): Tensor {
  const shape = parts[0].shape.map((size, d) =>
    d === dim ? parts.reduce((sum, part) => sum + part.shape[d], 0) : size,
  )
  return make(op, { kind: 'cat', dim }, parts[0].dtype, shape, parts)
}

/** A routine over dense host arrays; no gradient passes through it. */
export function host(op: string, inputs: readonly Tensor[], dtype: DType, shape: Shape, run: HostRoutine): Tensor {
  return make(op, { kind: 'host', name: op, run }, dtype, shape, inputs)
}

/** Whether there is nothing to compute. */
export const isEmpty = (x: Tensor): boolean => sizeOf(x.shape) === 0

/** The value of `output` with a gradient of its own; `backward` is written in ops. */
export function withRule(
  op: string,
  output: Tensor,
  inputs: readonly Tensor[],
  backward: ((dy: Tensor, inputs: readonly Tensor[], output: Tensor) => readonly (Tensor | null)[]) | null,
): Tensor {
  const rule: BackwardRule | null =
    backward &&
    ((dy, nodes, out) => {
      const before = currentId()
      const grads: unknown = backward(lentNode(dy), nodes.map(lentNode), lentNode(out))
      if (!Array.isArray(grads))
        throw new SurprisalError('argument', `${op}: gradient must return a list of tensors and nulls`)
      return grads.map((grad: unknown, i) => {
        if (grad === null) return null
        if (grad instanceof Tensor) {
          const node = nodeOf(grad, op)
          // Its caller gets a handle of its own, whose disposal shall free the value.
          if (node.id > before) lend(grad)
          return node
        }
        throw new SurprisalError('argument', `${op}: gradient ${i} must be a tensor or null, got ${typeof grad}`)
      })
    })
  return make(op, { kind: 'rule', backward: rule, keep: false }, output.dtype, output.shape, [output, ...inputs])
}
