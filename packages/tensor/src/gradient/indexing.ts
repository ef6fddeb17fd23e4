import type { Primitive } from '../graph/node.ts'
import {
  binary,
  broadcastTo,
  constant,
  gatherAlong,
  make,
  putSlices,
  reshapeTo,
  scatterAlong,
  takeSlices,
} from '../primitive.ts'
import type { Tensor } from '../tensor.ts'
import { choose, zerosOf } from './algebra.ts'

const op = 'gradients'

export function gatherGradient(dim: number, dy: Tensor, x: Tensor, index: Tensor): Tensor {
  return scatterAlong(op, 'add', zerosOf(x.shape), dim, index, dy)
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
