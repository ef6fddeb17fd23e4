import { SurprisalError } from '../../error.ts'
import type { Matrix } from '../../linalg/dense.ts'
import { asTensor, promotePair, toFloat } from '../../operand.ts'
import { broadcastTo, cast, contract, host, permuteDims } from '../../primitive.ts'
import { broadcastShapes, contiguousStrides, type Shape, shapeText, sizeOf } from '../../shape.ts'
import type { Tensor, TensorLike } from '../../tensor.ts'
import { reshapeView, stridedView } from './views.ts'

/*
 * What the ops of linear algebra share. Inside they work on stacks of matrices `[B, m, n]` in float32; values are
 * computed one matrix after the other in float64 on the host, gradients by ops on stacks.
 */

/** A stack of matrices and the way from results `[B, ...]` to the caller's leading dims and dtype. */
export interface Stack {
  readonly x: Tensor
  readonly restore: (result: Tensor) => Tensor
}

const restoreTo =
  (op: string, batch: Shape, dtype: Tensor['dtype']) =>
  (result: Tensor): Tensor =>
    cast(op, reshapeView(op, result, [...batch, ...result.shape.slice(1)]), dtype)

/** The last two dims of a tensor with leading dims `batch` after broadcasting, as a stack. */
function stack(op: string, x: Tensor, batch: Shape): Tensor {
  const matrix = x.shape.slice(-2)
  const full = broadcastTo(op, cast(op, x, 'float32'), [...batch, ...matrix])
  return reshapeView(op, full, [sizeOf(batch), ...matrix])
}

function requireMatrices(op: string, { shape }: Tensor): void {
  if (shape.length < 2)
    throw new SurprisalError('shape', `${op}: expected at least 2 dims, got shape ${shapeText(shape)}`)
}

function requireSquare(op: string, { shape }: Tensor): void {
  if (shape.length < 2 || shape[shape.length - 1] !== shape[shape.length - 2])
    throw new SurprisalError('shape', `${op}: expected square matrices, got ${shapeText(shape)}`)
}

/** Matrices of any shape; integers and bools become float32. */
export function matricesOf(op: string, a: TensorLike): Stack {
  const t = toFloat(op, asTensor(op, 'a', a))
  requireMatrices(op, t)
  const batch = t.shape.slice(0, -2)
  return { x: stack(op, t, batch), restore: restoreTo(op, batch, t.dtype) }
}

export function squaresOf(op: string, a: TensorLike): Stack {
  requireSquare(op, asTensor(op, 'a', a))
  return matricesOf(op, a)
}

/**
 * The two sides of a system: `a` `[..., m, n]` and `b` `[..., m, k]`, or `[..., m]` where that is all of a's shape but
 * its last dim, or `[m]`: then the results are vectors as well. Leading dims are broadcast.
 */
export function systemOf(
  op: string,
  a: TensorLike,
  b: TensorLike,
  square: boolean,
): { a: Tensor; b: Tensor; restore: (x: Tensor) => Tensor } {
  const [x, given] = promotePair(op, asTensor(op, 'a', a), asTensor(op, 'b', b)).map(t => toFloat(op, t))
  ;(square ? requireSquare : requireMatrices)(op, x)
  const rows = x.shape.slice(0, -1)
  const vector = given.shape.length === 1 || shapeText(given.shape) === shapeText(rows)
  const y = vector ? reshapeView(op, given, [...given.shape, 1]) : given
  requireMatrices(op, y)
  if (y.shape[y.shape.length - 2] !== x.shape[x.shape.length - 2])
    throw new SurprisalError(
      'shape',
      `${op}: a and b must have equal numbers of rows, got shapes ${shapeText(x.shape)} and ${shapeText(given.shape)}`,
    )
  const batch = broadcastShapes(op, x.shape.slice(0, -2), y.shape.slice(0, -2))
  const restore = restoreTo(op, batch, x.dtype)
  return {
    a: stack(op, x, batch),
    b: stack(op, y, batch),
    restore: result => restore(vector ? reshapeView(op, result, result.shape.slice(0, -1)) : result),
  }
}

/**
 * A host node over stacks of B matrices: `compute` gets one float64 copy of a matrix of each input and gives its
 * results, of the shapes `parts`; `fail('singular')` makes the error for the matrix.
 * @returns all B first results, then all second ones, and so on, as one vector: for {@link unpack}
 */
export function perMatrixPacked(
  op: string,
  inputs: readonly Tensor[],
  parts: readonly Shape[],
  compute: (matrices: Matrix[], fail: (what: string) => SurprisalError) => readonly ArrayLike<number>[],
): Tensor {
  const count = inputs[0].shape[0]
  const size = parts.reduce((sum, part) => sum + count * sizeOf(part), 0)
  return host(op, inputs, 'float32', [size], (arrays, shapes, output) => {
    for (let b = 0; b < count; b++) {
      const matrices = arrays.map((array, i) => {
        const length = sizeOf(shapes[i].slice(1))
        return Float64Array.from(array.subarray(b * length, (b + 1) * length))
      })
      let start = 0
      for (const part of compute(matrices, what => new SurprisalError('argument', `${op}: matrix ${b} is ${what}`))) {
        output.set(part, start + b * part.length)
        start += count * part.length
      }
    }
  })
}

/** The parts of {@link perMatrixPacked}, or of a gradient towards it, as stacks. */
export function unpack(op: string, packed: Tensor, count: number, parts: readonly Shape[]): Tensor[] {
  let offset = 0
  return parts.map(part => {
    const shape = [count, ...part]
    const start = offset
    offset += sizeOf(shape)
    return stridedView(op, packed, shape, contiguousStrides(shape), start)
  })
}

/** {@link perMatrixPacked} with one result, as a stack. */
export function perMatrix(
  op: string,
  inputs: readonly Tensor[],
  part: Shape,
  compute: (matrices: Matrix[], fail: (what: string) => SurprisalError) => ArrayLike<number>,
): Tensor {
  const packed = perMatrixPacked(op, inputs, [part], (matrices, fail) => [compute(matrices, fail)])
  return unpack(op, packed, inputs[0].shape[0], [part])[0]
}

/** Every matrix of a stack transposed. */
export const turned = (x: Tensor): Tensor => permuteDims('gradients', x, [0, 2, 1])

/** Products of the matrices of stacks. */
export function times(first: Tensor, ...others: Tensor[]): Tensor {
  return others.reduce((product, other) => contract('gradients', product, other), first)
}
