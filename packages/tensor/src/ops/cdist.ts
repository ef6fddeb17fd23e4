import { SurprisalError } from '../error.ts'
import { asTensor, promotePair, toFloat } from '../operand.ts'
import { binary, cast, constant, inFloat32, reduce, select, unary } from '../primitive.ts'
import { broadcastShapes, checkShape, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { got } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { reshapeView, spread } from './internal/views.ts'

/** Options of {@link cdist}. */
export interface CdistOptions {
  /** Which norm of the difference: a positive number, 0 (count of coordinates that differ) or `'inf'`. @default 2 */
  p?: number | 'inf'
}

const op = 'cdist'

/**
 * Distances between all rows of two sets of vectors, from their differences (no expanded square, so that near rows
 * keep their digits). The gradient at distance 0 is 0.
 *
 * @param a `[..., M, D]`
 * @param b `[..., N, D]`; leading dims are broadcast
 * @returns `[..., M, N]`; integers give float32
 * @throws {SurprisalError} `shape` when the vectors have different lengths, `argument` for a negative p
 */
export function cdist(a: TensorLike, b: TensorLike, options: CdistOptions = {}): Tensor {
  const { p = 2 } = optionsOf('cdist', options)
  const [x, y] = promotePair(op, asTensor(op, 'a', a), asTensor(op, 'b', b)).map(t => toFloat(op, t))
  const power = p === 'inf' ? Number.POSITIVE_INFINITY : p
  if (typeof power !== 'number' || Number.isNaN(power) || power < 0)
    throw new SurprisalError('argument', `${op}: p must be a number of at least 0 or 'inf', got ${got(p)}`)
  if (x.shape.length < 2 || y.shape.length < 2)
    throw new SurprisalError(
      'shape',
      `${op}: operands must have at least 2 dims, got shapes ${shapeText(x.shape)} and ${shapeText(y.shape)}`,
    )
  const [m, width] = x.shape.slice(-2)
  const [n, other] = y.shape.slice(-2)
  if (width !== other)
    throw new SurprisalError('shape', `${op}: inner sizes differ: ${shapeText(x.shape)} x ${shapeText(y.shape)}`)
  const shape = [...broadcastShapes(op, x.shape.slice(0, -2), y.shape.slice(0, -2)), m, n]
  checkShape(op, shape)
  if (width === 0) return spread(op, 0, x.dtype, shape)
  return inFloat32(op, x, left => {
    const rows = reshapeView(op, left, [...x.shape.slice(0, -2), m, 1, width])
    const columns = reshapeView(op, cast(op, y, 'float32'), [...y.shape.slice(0, -2), 1, n, width])
    return lengths(binary(op, 'sub', rows, columns), power)
  })
}

/** The norm over the last dim, 0 with a gradient of 0 at 0. */
function lengths(difference: Tensor, p: number): Tensor {
  const last = difference.shape.length - 1
  const size = unary(op, 'abs', difference)
  if (p === Number.POSITIVE_INFINITY) return reduce(op, 'max', size, [last])
  if (p === 1) return reduce(op, 'sum', size, [last])
  if (p === 0) {
    const differs = binary(op, 'notEqual', difference, constant(op, 0, 'float32'))
    return reduce(op, 'sum', cast(op, differs, 'float32'), [last])
  }
  if (p === 2)
    return exceptAtZero(reduce(op, 'sum', binary(op, 'mul', difference, difference), [last]), s => unary(op, 'sqrt', s))
  const raise = (exponent: number) => (s: Tensor) => binary(op, 'pow', s, constant(op, exponent, 'float32'))
  return exceptAtZero(reduce(op, 'sum', exceptAtZero(size, raise(p)), [last]), raise(1 / p))
}

/** `f(s)`, but 0 where s is 0, where the derivative of f need not exist. */
function exceptAtZero(s: Tensor, f: (s: Tensor) => Tensor): Tensor {
  const zero = constant(op, 0, 'float32')
  const atZero = binary(op, 'equal', s, zero)
  return select(op, atZero, zero, f(select(op, atZero, constant(op, 1, 'float32'), s)))
}
