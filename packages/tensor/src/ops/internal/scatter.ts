import { SurprisalError } from '../../error.ts'
import { asTensor, promotePair } from '../../operand.ts'
import { binary, constant, gatherAlong, orderAlong, scatterAlong, select } from '../../primitive.ts'
import { contiguousStrides, normalizeDim, shapeText } from '../../shape.ts'
import type { Tensor, TensorLike } from '../../tensor.ts'
import { indexTensor, requireRank } from './arguments.ts'
import { shiftView, spread, stridedView } from './views.ts'

/** Checked arguments of the scatter family; the source has the index's shape and the base's dtype. */
export function scatterOperands(
  op: string,
  x: TensorLike,
  dim: number,
  index: TensorLike,
  src: TensorLike | number | boolean,
): { base: Tensor; d: number; i: Tensor; source: Tensor } {
  const t = asTensor(op, 'x', x)
  const d = normalizeDim(op, dim, t.shape.length)
  const i = indexTensor(op, index)
  requireRank(op, 'index', i.shape, t.shape.length)
  if (i.shape.some((size, other) => other !== d && size > t.shape[other]))
    throw new SurprisalError(
      'shape',
      `${op}: index must not exceed x but in dim ${d}, got ${shapeText(i.shape)} for ${shapeText(t.shape)}`,
    )
  const number = typeof src === 'number' || typeof src === 'boolean'
  const [base, given] = promotePair(op, t, number ? src : asTensor(op, 'src', src))
  if (number) return { base, d, i, source: stridedView(op, given, i.shape, new Array<number>(i.shape.length).fill(0)) }
  requireRank(op, 'src', given.shape, t.shape.length)
  if (i.shape.some((size, other) => size > given.shape[other]))
    throw new SurprisalError(
      'shape',
      `${op}: src must be at least as large as index, got ${shapeText(given.shape)} for ${shapeText(i.shape)}`,
    )
  return { base, d, i, source: stridedView(op, given, i.shape, contiguousStrides(given.shape)) }
}

/**
 * For each source element the product of the other ones with its target, without dividing, so that zeros are exact
 * and any order of derivative is right: sorted by target, the products of those before and of those after.
 */
export function productOfOthers(op: string, dim: number, index: Tensor, source: Tensor): Tensor {
  const order = orderAlong(op, index, dim, false)
  const target = gatherAlong(op, index, dim, order)
  const sorted = gatherAlong(op, source, dim, order)
  const others = binary(
    op,
    'mul',
    exclusiveProducts(op, dim, target, sorted, 1),
    exclusiveProducts(op, dim, target, sorted, -1),
  )
  return scatterAlong(op, 'set', spread(op, 0, source.dtype, source.shape), dim, order, others)
}

/** Products of the earlier (direction -1: later) values in each run of equal targets, by doubling distances. */
function exclusiveProducts(op: string, dim: number, target: Tensor, values: Tensor, direction: 1 | -1): Tensor {
  const one = constant(op, 1, values.dtype)
  const earlier = (x: Tensor, distance: number): Tensor => {
    const shift = distance * direction
    const same = binary(op, 'equal', target, shiftView(op, target, dim, shift, -1))
    return select(op, same, shiftView(op, x, dim, shift, 1), one)
  }
  let products = earlier(values, 1)
  for (let distance = 1; distance < values.shape[dim]; distance *= 2)
    products = binary(op, 'mul', products, earlier(products, distance))
  return products
}
