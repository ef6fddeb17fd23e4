import type { BinaryName, UnaryName } from '../graph/node.ts'
import { binary, broadcastTo, constant, constantLike, select, unary } from '../primitive.ts'
import type { Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'

/*
 * The few operations in which gradient rules are written: float tensors of one shape, or numbers.
 * They build primitives directly, so that rules do not depend on the ops that depend on them.
 */

const lift = (x: Tensor | number, like: Tensor): Tensor =>
  typeof x === 'number' ? constant('gradients', x, like.dtype) : x

const pairwise =
  (f: BinaryName) =>
  (a: Tensor, b: Tensor | number): Tensor =>
    binary('gradients', f, a, typeof b === 'number' ? constantLike('gradients', b, a.dtype, a) : b)

export const add = pairwise('add')
export const sub = pairwise('sub')
export const mul = pairwise('mul')
export const div = pairwise('div')
export const pow = pairwise('pow')
export const equal = pairwise('equal')
export const greater = pairwise('greater')
export const greaterEqual = pairwise('greaterEqual')
export const both = pairwise('logicalAnd')

export const apply = (f: UnaryName, x: Tensor): Tensor => unary('gradients', f, x)
export const neg = (x: Tensor): Tensor => apply('neg', x)
export const square = (x: Tensor): Tensor => mul(x, x)

/** `condition ? a : b` where a or b may be a number, in the dtype of `like`. */
export function choose(condition: Tensor, a: Tensor | number, b: Tensor | number, like: Tensor): Tensor {
  return select('gradients', condition, lift(a, like), lift(b, like))
}

export const zerosOf = (shape: Shape): Tensor => broadcastTo('gradients', constant('gradients', 0, 'float32'), shape)
