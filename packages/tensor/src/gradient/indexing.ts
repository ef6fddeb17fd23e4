import type { Primitive } from '../graph/node.ts'
import {
  binary,
  broadcastTo,
  cast,
  constant,
  gatherAlong,
  make,
  putSlices,
  reshapeTo,
  scatterAlong,
  takeSlices,
  view,
} from '../primitive.ts'
import { contiguousStrides, sameShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { choose, zerosOf } from './algebra.ts'

const op = 'gradients'

export function gatherGradient(dim: number, dy: Tensor, x: Tensor, index: Tensor): Tensor {
  if (index.shape[dim] !== 1) return scatterAlong(op, 'add', zerosOf(x.shape), dim, index, dy)
  // One element of each row: a comparison, which fuses with what follows, where a scatter would need memory.
  const around = x.shape.map((size, d) => (d === dim ? size : index.shape[d]))
  const along = x.shape.map((size, d) => (d === dim ? size : 1))
  const places = make(op, { kind: 'iota', start: 0, step: 1 }, 'int32', [x.shape[dim]], [])
  const own = cast(op, broadcastTo(op, index, around), 'int32')
  const here = binary(op, 'equal', broadcastTo(op, reshapeTo(op, places, along), around), own)
  const grad = choose(here, broadcastTo(op, dy, around), 0, dy)
  return sameShape(around, x.shape) ? grad : padEnd(grad, x.shape)
}

/** Zeros behind the end of each dim, up to `shape`. */
function padEnd(x: Tensor, shape: readonly number[]): Tensor {
  const guard = { low: shape.map(() => 0), high: x.shape, fill: 0 }
  return view(op, x, { shape, strides: contiguousStrides(x.shape), offset: 0, guard })
}

export function takeGradient(dim: number, dy: Tensor, x: Tensor, index: Tensor): Tensor {
  return putSlices(op, 'add', zerosOf(x.shape), dim, index, dy)
}

/** Towards base and source. Where a place is set several times, the last one in row-major order has the gradient. */
export function scatterGradient(
  { f, dim }: Extract<Primitive, { kind: 'scatter' }>,
  dy: Tensor,
  index: Tensor,
): [Tensor | null, Tensor | null] {
  if (f === 'add') return [dy, gatherAlong(op, dy, dim, index)]
  if (f !== 'set') return [null, null]
  const own = reshapeTo(op, make(op, { kind: 'iota', start: 0, step: 1 }, 'int32', [index.size], []), index.shape)
  const nobody = broadcastTo(op, constant(op, -1, 'int32'), dy.shape)
  const winners = scatterAlong(op, 'set', nobody, dim, index, own)
  const won = binary(op, 'equal', gatherAlong(op, winners, dim, index), own)
  return [
    scatterAlong(op, 'set', dy, dim, index, zerosOf(index.shape)),
    choose(won, gatherAlong(op, dy, dim, index), 0, dy),
  ]
}

export function putGradient(
  { f, dim }: Extract<Primitive, { kind: 'put' }>,
  dy: Tensor,
  index: Tensor,
  sourceShape: readonly number[],
): [Tensor, Tensor] {
  const back = takeSlices(op, dy, dim, index)
  if (f === 'add') return [dy, back]
  const own = make(op, { kind: 'iota', start: 0, step: 1 }, 'int32', index.shape, [])
  const nobody = broadcastTo(op, constant(op, -1, 'int32'), [dy.shape[dim]])
  const winners = putSlices(op, 'set', nobody, 0, index, own)
  const won = binary(op, 'equal', takeSlices(op, winners, 0, index), own)
  const along = reshapeTo(
    op,
    won,
    sourceShape.map((size, d) => (d === dim ? size : 1)),
  )
  return [putSlices(op, 'set', dy, dim, index, zerosOf(sourceShape)), choose(along, back, 0, dy)]
}
