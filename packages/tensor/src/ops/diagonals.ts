import { SurprisalError } from '../error.ts'
import { asTensor } from '../operand.ts'
import { binary, constant, select } from '../primitive.ts'
import { checkShape, contiguousStrides, normalizeDim, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { iota } from './creation.ts'
import { got } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { reshapeView, stridedView } from './internal/views.ts'

/** Options of {@link diagonal}. */
export interface DiagonalOptions {
  /** Which diagonal: 0 the main one, above it positive. @default 0 */
  offset?: number
  /** Dim of the rows. @default 0 */
  dim1?: number
  /** Dim of the columns. @default 1 */
  dim2?: number
}

function requireOffset(op: string, name: string, offset: number): void {
  if (!Number.isInteger(offset))
    throw new SurprisalError('argument', `${op}: ${name} must be an integer, got ${got(offset)}`)
}

/** The diagonal of two dims as a new last dim. */
function diagonalView(op: string, x: Tensor, offset: number, rows: number, columns: number): Tensor {
  const strides = contiguousStrides(x.shape)
  const row = Math.max(0, -offset)
  const column = Math.max(0, offset)
  const length = Math.max(0, Math.min(x.shape[rows] - row, x.shape[columns] - column))
  const rest = [...x.shape.keys()].filter(d => d !== rows && d !== columns)
  return stridedView(
    op,
    x,
    [...rest.map(d => x.shape[d]), length],
    [...rest.map(d => strides[d]), strides[rows] + strides[columns]],
    row * strides[rows] + column * strides[columns],
  )
}

/**
 * A diagonal of two dims, which go away; it stands last.
 * @throws {SurprisalError} `argument` when both dims are the same
 */
export function diagonal(x: TensorLike, options: DiagonalOptions = {}): Tensor {
  const { offset = 0, dim1 = 0, dim2 = 1 } = optionsOf('diagonal', options)
  const t = asTensor('diagonal', 'x', x)
  const rows = normalizeDim('diagonal', dim1, t.shape.length)
  const columns = normalizeDim('diagonal', dim2, t.shape.length)
  requireOffset('diagonal', 'offset', offset)
  if (rows === columns)
    throw new SurprisalError('argument', `diagonal: dim1 and dim2 must differ, got ${dim1} and ${dim2}`)
  return diagonalView('diagonal', t, offset, rows, columns)
}

/** `column - row` compared with a number, over a matrix of positions. */
function positions(
  op: string,
  n: number,
  m: number,
  f: 'lessEqual' | 'greaterEqual' | 'equal',
  diagonal: number,
): Tensor {
  const rows = reshapeView(op, iota(op, n), [n, 1])
  return binary(op, f, binary(op, 'sub', iota(op, m), rows), constant(op, diagonal, 'int32'))
}

/**
 * A matrix with a vector on its diagonal and zeros elsewhere, or the main diagonal of a matrix.
 * @throws {SurprisalError} `shape` for another rank
 */
export function diag(x: TensorLike): Tensor {
  const t = asTensor('diag', 'x', x)
  if (t.shape.length === 2) return diagonalView('diag', t, 0, 0, 1)
  if (t.shape.length !== 1)
    throw new SurprisalError('shape', `diag: expected a vector or a matrix, got shape ${shapeText(t.shape)}`)
  const n = t.size
  checkShape('diag', [n, n])
  return select('diag', positions('diag', n, n, 'equal', 0), t, constant('diag', 0, t.dtype))
}

/** Options of {@link tril} and {@link triu}. */
export interface TriangleOptions {
  /** The diagonal at the edge of what stays: 0 the main one, above it positive. @default 0 */
  diagonal?: number
}

function triangle(op: string, f: 'lessEqual' | 'greaterEqual', x: TensorLike, options: TriangleOptions): Tensor {
  const { diagonal = 0 } = optionsOf(op, options)
  const t = asTensor(op, 'x', x)
  requireOffset(op, 'diagonal', diagonal)
  if (t.shape.length < 2)
    throw new SurprisalError('shape', `${op}: expected at least 2 dims, got shape ${shapeText(t.shape)}`)
  const [n, m] = t.shape.slice(-2)
  return select(op, positions(op, n, m, f, diagonal), t, constant(op, 0, t.dtype))
}

/**
 * The lower triangle of the last two dims; zeros above.
 * @param options diagonal: the last one that stays, 0 (the main one) by default
 */
export const tril = (x: TensorLike, options: TriangleOptions = {}): Tensor => triangle('tril', 'lessEqual', x, options)

/**
 * The upper triangle of the last two dims; zeros below.
 * @param options diagonal: the first one that stays, 0 (the main one) by default
 */
export const triu = (x: TensorLike, options: TriangleOptions = {}): Tensor =>
  triangle('triu', 'greaterEqual', x, options)
