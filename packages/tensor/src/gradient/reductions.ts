import type { Primitive } from '../graph/node.ts'
import { broadcastTo, cast, permuteDims, reduce, reshapeTo, scan } from '../primitive.ts'
import type { Tensor } from '../tensor.ts'
import { choose, div, equal, mul } from './algebra.ts'

const op = 'gradients'
type Reduce = Extract<Primitive, { kind: 'reduce' }>

/** Gradient of a reduction towards its input. */
export function reduceGradient({ f, dims }: Reduce, dy: Tensor, x: Tensor, y: Tensor): Tensor | null {
  const kept = x.shape.map((dim, d) => (dims.includes(d) ? 1 : dim))
  const spread = (t: Tensor): Tensor => broadcastTo(op, reshapeTo(op, t, kept), x.shape)
  if (f === 'sum') return spread(dy)
  if (f === 'prod') return mul(spread(dy), productOfOthers(x, dims))
  if (f !== 'max' && f !== 'min') return null
  const chosen = equal(x, spread(y))
  const ties = reduce(op, 'sum', cast(op, chosen, 'float32'), dims)
  return choose(chosen, spread(div(dy, ties)), 0, dy)
}

/** For each element the product of the others along `dims`, exact when some are 0. */
function productOfOthers(x: Tensor, dims: readonly number[]): Tensor {
  if (x.size === 0) return x
  const order = [...x.shape.keys()].filter(d => !dims.includes(d)).concat(dims)
  const n = dims.reduce((size, d) => size * x.shape[d], 1)
  const rows = reshapeTo(op, permuteDims(op, x, order), [x.size / n, n])
  const before = scan(op, 'prod', rows, 1, { exclusive: true })
  const after = scan(op, 'prod', rows, 1, { exclusive: true, reverse: true })
  const others = reshapeTo(
    op,
    mul(before, after),
    order.map(d => x.shape[d]),
  )
  return permuteDims(
    op,
    others,
    order.map((_, d) => order.indexOf(d)),
  )
}
