import { type DType, isFloat, promote } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { asTensor, isOptions, promotePair } from '../operand.ts'
import { binary, broadcastTo, cast, contract } from '../primitive.ts'
import { broadcastShapes, type Shape, sameShape, shapeText, sizeOf } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { requireRank } from './internal/arguments.ts'
import { permuteView, reshapeView } from './internal/views.ts'

/** Both operands in the dtype they are multiplied in: 8-bit pairs of one dtype stay, bools count as int32. */
function operands(op: string, a: TensorLike, b: TensorLike): [Tensor, Tensor] {
  const [x, y] = promotePair(op, asTensor(op, 'a', a), asTensor(op, 'b', b))
  return x.dtype === 'bool' ? [cast(op, x, 'int32'), cast(op, y, 'int32')] : [x, y]
}

function innerMismatch(op: string, a: Tensor, b: Tensor): SurprisalError {
  return new SurprisalError('shape', `${op}: inner sizes differ: ${shapeText(a.shape)} x ${shapeText(b.shape)}`)
}

/** The product over the last two dims of operands of at least rank 2, with leading dims broadcast. */
function batchedProduct(op: string, x: Tensor, y: Tensor, batch: Shape): Tensor {
  const [rows, inner] = x.shape.slice(-2)
  const columns = y.shape[y.shape.length - 1]
  const count = sizeOf(batch)
  if (sizeOf(y.shape.slice(0, -2)) === 1 && sameShape(x.shape.slice(0, -2), batch)) {
    const one = contract(op, reshapeView(op, x, [1, count * rows, inner]), reshapeView(op, y, [1, inner, columns]))
    return reshapeView(op, one, [...batch, rows, columns])
  }
  const left = reshapeView(op, broadcastTo(op, x, [...batch, rows, inner]), [count, rows, inner])
  const right = reshapeView(op, broadcastTo(op, y, [...batch, inner, columns]), [count, inner, columns])
  return reshapeView(op, contract(op, left, right), [...batch, rows, columns])
}

function batchOf(op: string, a: Shape, b: Shape): number[] {
  const left = a.slice(0, -2)
  const right = b.slice(0, -2)
  for (let k = 1; k <= Math.min(left.length, right.length); k++) {
    const sizes = [left[left.length - k], right[right.length - k]]
    if (sizes[0] !== sizes[1] && !sizes.includes(1))
      throw new SurprisalError('shape', `${op}: shapes ${shapeText(a)} and ${shapeText(b)} cannot be broadcast`)
  }
  return broadcastShapes(op, left, right)
}

/**
 * Matrix product over the last two dims; leading dims are broadcast. A vector on the left is a row, on the right a
 * column, and its dim goes away again.
 *
 * Two 8-bit operands are accumulated exactly and give int32, as do int32 operands; both wrap. An inner size of 0
 * gives zeros.
 *
 * @param a `[..., M, K]` or `[K]`
 * @param b `[..., K, N]` or `[K]`
 * @returns `[..., M, N]` without the dims of vectors
 * @throws {SurprisalError} `shape` when inner sizes differ, leading dims cannot be broadcast, or for a scalar
 */
export function matmul(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = operands('matmul', a, b)
  if (x.shape.length === 0 || y.shape.length === 0)
    throw new SurprisalError(
      'shape',
      `matmul: operands must have at least 1 dim, got shapes ${shapeText(x.shape)} and ${shapeText(y.shape)}`,
    )
  const left = x.shape.length === 1 ? reshapeView('matmul', x, [1, x.size]) : x
  const right = y.shape.length === 1 ? reshapeView('matmul', y, [y.size, 1]) : y
  if (left.shape[left.shape.length - 1] !== right.shape[right.shape.length - 2]) throw innerMismatch('matmul', x, y)
  const product = batchedProduct('matmul', left, right, batchOf('matmul', left.shape, right.shape))
  if (x.shape.length > 1 && y.shape.length > 1) return product
  const rank = product.shape.length
  return reshapeView(
    'matmul',
    product,
    product.shape.filter(
      (_, d) => !(d === rank - 2 && x.shape.length === 1) && !(d === rank - 1 && y.shape.length === 1),
    ),
  )
}

/**
 * Inner product of two vectors of one length, a scalar; dtypes as in {@link matmul}.
 * @throws {SurprisalError} `shape` for other ranks or different lengths
 */
export function dot(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = operands('dot', a, b)
  requireRank('dot', 'a', x.shape, 1)
  requireRank('dot', 'b', y.shape, 1)
  if (x.size !== y.size) throw innerMismatch('dot', x, y)
  return reshapeView(
    'dot',
    contract('dot', reshapeView('dot', x, [1, 1, x.size]), reshapeView('dot', y, [1, y.size, 1])),
    [],
  )
}

/**
 * All products of two vectors: `[n]` and `[m]` give `[n, m]` of their promoted dtype.
 * @throws {SurprisalError} `shape` for other ranks
 */
export function outer(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = promotePair('outer', asTensor('outer', 'a', a), asTensor('outer', 'b', b))
  requireRank('outer', 'a', x.shape, 1)
  requireRank('outer', 'b', y.shape, 1)
  return binary('outer', x.dtype === 'bool' ? 'logicalAnd' : 'mul', reshapeView('outer', x, [x.size, 1]), y)
}

/**
 * Products of matrices in a batch: `[B, M, K]` and `[B, K, N]` give `[B, M, N]`, without broadcasting; dtypes as in
 * {@link matmul}.
 * @throws {SurprisalError} `shape` for other ranks, other batch sizes or different inner sizes
 */
export function bmm(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = operands('bmm', a, b)
  requireRank('bmm', 'a', x.shape, 3)
  requireRank('bmm', 'b', y.shape, 3)
  if (x.shape[0] !== y.shape[0])
    throw new SurprisalError('shape', `bmm: batch sizes differ: ${shapeText(x.shape)} x ${shapeText(y.shape)}`)
  if (x.shape[2] !== y.shape[1]) throw innerMismatch('bmm', x, y)
  return contract('bmm', x, y)
}

/** A product computed in float32 where float16 takes part, something added, and the sum rounded once. */
function plus(op: string, x: Tensor, y: Tensor, addend: Tensor, multiply: (x: Tensor, y: Tensor) => Tensor): Tensor {
  const wide = (t: Tensor): Tensor => (t.dtype === 'float16' ? cast(op, t, 'float32') : t)
  const dtype: DType = promote(isFloat(x.dtype) ? x.dtype : 'int32', addend.dtype)
  const [product, rest] = promotePair(op, multiply(wide(x), wide(y)), wide(addend))
  return cast(op, binary(op, 'add', product, rest), dtype)
}

/**
 * A linear layer: `x @ weight^T + bias`.
 * @param x `[..., I]`
 * @param weight `[O, I]`
 * @param bias `[O]`, or nothing
 * @returns `[..., O]`; dtypes as in {@link matmul}
 * @throws {SurprisalError} `shape` when the sizes do not fit
 */
export function linear(x: TensorLike, weight: TensorLike, bias?: TensorLike | null): Tensor {
  const [input, w] = operands('linear', x, weight)
  requireRank('linear', 'weight', w.shape, 2)
  if (input.shape.length === 0) throw new SurprisalError('shape', 'linear: x must have at least 1 dim, got shape []')
  const [features, inner] = w.shape
  if (input.shape[input.shape.length - 1] !== inner) throw innerMismatch('linear', input, w)
  const leading = input.shape.slice(0, -1)
  const multiply = (left: Tensor, right: Tensor): Tensor => {
    const rows = reshapeView('linear', left, [1, sizeOf(leading), inner])
    const columns = reshapeView('linear', permuteView('linear', right, [1, 0]), [1, inner, features])
    return reshapeView('linear', contract('linear', rows, columns), [...leading, features])
  }
  if (bias === undefined || bias === null || isOptions(bias)) return multiply(input, w)
  const b = asTensor('linear', 'bias', bias)
  if (!sameShape(b.shape, [features]))
    throw new SurprisalError(
      'shape',
      `linear: bias must have shape ${shapeText([features])}, got ${shapeText(b.shape)}`,
    )
  return plus('linear', input, w, b, multiply)
}

/**
 * `input + a @ b` of matrices; `input` is broadcast to the product's shape. Dtypes as in {@link matmul}, promoted
 * with that of `input`.
 * @throws {SurprisalError} `shape` when the sizes do not fit
 */
export function addmm(input: TensorLike, a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = operands('addmm', a, b)
  const addend = asTensor('addmm', 'input', input)
  requireRank('addmm', 'a', x.shape, 2)
  requireRank('addmm', 'b', y.shape, 2)
  if (x.shape[1] !== y.shape[0]) throw innerMismatch('addmm', x, y)
  const shape = [x.shape[0], y.shape[1]]
  if (!sameShape(broadcastShapes('addmm', addend.shape, shape), shape))
    throw new SurprisalError('shape', `addmm: cannot expand ${shapeText(addend.shape)} to ${shapeText(shape)}`)
  return plus('addmm', x, y, addend, (left, right) => batchedProduct('addmm', left, right, []))
}
