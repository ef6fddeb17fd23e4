import type { Primitive } from '../graph/node.ts'
import { binary, broadcastTo, concatenate, make, permuteDims, reduce, reshapeTo, scan, view } from '../primitive.ts'
import { contiguousStrides } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { apply, choose, equal, mul, sub, zerosOf } from './algebra.ts'

const op = 'gradients'
type Scan = Extract<Primitive, { kind: 'scan' }>

/** Gradient of a scan towards its input. */
export function scanGradient(primitive: Scan, dy: Tensor, x: Tensor): Tensor | null {
  const { f, dim, exclusive, reverse } = primitive
  if (f === 'sum') return scan(op, 'sum', dy, dim, { exclusive, reverse: !reverse })
  if (f !== 'prod' && f !== 'logsumexp') return null
  const flat = f === 'prod' ? productGradient : logSumExpGradient
  const n = x.shape[dim]
  if (x.size === 0) return dy
  const toRows = (t: Tensor): Tensor => {
    const last = permuteDims(op, t, moveToEnd(t.shape.length, dim))
    const rows = reshapeTo(op, last, [t.size / n, n])
    return reverse ? reverseRows(rows) : rows
  }
  const rows = toRows(x)
  const weights = exclusive ? shiftLeft(toRows(dy)) : toRows(dy)
  const dx = reverse ? reverseRows(flat(rows, weights)) : flat(rows, weights)
  const order = moveToEnd(x.shape.length, dim)
  const moved = reshapeTo(
    op,
    dx,
    order.map(d => x.shape[d]),
  )
  return permuteDims(
    op,
    moved,
    order.map((_, d) => order.indexOf(d)),
  )
}

const moveToEnd = (rank: number, dim: number): number[] => [
  ...Array.from({ length: rank }, (_, d) => d).filter(d => d !== dim),
  dim,
]

const reverseRows = (x: Tensor): Tensor =>
  view(op, x, { shape: x.shape, strides: [x.shape[1], -1], offset: x.shape[1] - 1, guard: null })

/** An exclusive scan's output j + 1 is the inclusive scan's output j. */
function shiftLeft(x: Tensor): Tensor {
  const [rows, n] = x.shape
  const tail = view(op, x, {
    shape: [rows, n - 1],
    strides: contiguousStrides(x.shape),
    offset: n > 1 ? 1 : 0,
    guard: null,
  })
  return concatenate(op, [tail, zerosOf([rows, 1])], 1)
}

/** `[i, j]` pairs of every row, with j >= i. */
function triangle(rows: number, n: number): { later: Tensor; notBefore: Tensor } {
  const position = make(op, { kind: 'iota', start: 0, step: 1 }, 'int32', [n], [])
  const i = reshapeTo(op, position, [n, 1])
  const grid = (f: 'greater' | 'greaterEqual') => broadcastTo(op, binary(op, f, position, i), [rows, n, n])
  return { later: grid('greater'), notBefore: grid('greaterEqual') }
}

/** Exact where factors are 0: sums products of the other factors instead of dividing, O(n^2) per row. */
function productGradient(x: Tensor, dy: Tensor): Tensor {
  const [rows, n] = x.shape
  const { later, notBefore } = triangle(rows, n)
  const across = (t: Tensor): Tensor => broadcastTo(op, reshapeTo(op, t, [rows, 1, n]), [rows, n, n])
  const between = scan(op, 'prod', choose(later, across(x), 1, x), 2)
  const sums = reduce(op, 'sum', choose(notBefore, mul(between, across(dy)), 0, x), [2])
  return mul(scan(op, 'prod', x, 1, { exclusive: true }), sums)
}

/** `dx_i = sum over j >= i of dy_j exp(x_i - y_j)`: every exponent is at most 0. */
function logSumExpGradient(x: Tensor, dy: Tensor): Tensor {
  const [rows, n] = x.shape
  const { notBefore } = triangle(rows, n)
  const y = scan(op, 'logsumexp', x, 1)
  const finite = choose(equal(y, Number.NEGATIVE_INFINITY), 0, y, y)
  const down = broadcastTo(op, reshapeTo(op, x, [rows, n, 1]), [rows, n, n])
  const across = (t: Tensor): Tensor => broadcastTo(op, reshapeTo(op, t, [rows, 1, n]), [rows, n, n])
  const weights = apply('exp', choose(notBefore, sub(down, across(finite)), Number.NEGATIVE_INFINITY, x))
  return reduce(op, 'sum', mul(weights, across(dy)), [2])
}
