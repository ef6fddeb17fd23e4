import { neg } from '../../gradient/algebra.ts'
import { invert, solveLinear } from '../../linalg/lu.ts'
import { substitute, type TriangularOptions } from '../../linalg/substitution.ts'
import { withRule } from '../../primitive.ts'
import type { Tensor } from '../../tensor.ts'
import { tril, triu } from '../diagonals.ts'
import { perMatrix, times, turned } from './matrices.ts'

/*
 * Solutions on stacks of matrices, for the ops and for the gradients of others, which `op` names in messages.
 */

/** `a^-1 b`. */
export function solveStack(op: string, a: Tensor, b: Tensor): Tensor {
  const [, n, k] = b.shape
  const value = perMatrix(op, [a, b], [n, k], ([left, right], fail) => {
    const x = solveLinear(left, right, n, k)
    if (!x) throw fail('singular')
    return x
  })
  return withRule(op, value, [a, b], (dy, [x], y) => {
    const db = solveStack(op, turned(x), dy)
    return [neg(times(db, turned(y))), db]
  })
}

/** `a^-1 b` for a triangle of a. */
export function triangularSolveStack(op: string, a: Tensor, b: Tensor, options: TriangularOptions): Tensor {
  const [, n, k] = b.shape
  const value = perMatrix(op, [a, b], [n, k], ([left, right], fail) => {
    if (!substitute(left, right, n, k, options)) throw fail('singular')
    return right
  })
  const { upper = false, transpose = false, unitriangular = false } = options
  return withRule(op, value, [a, b], (dy, [x], y) => {
    const db = triangularSolveStack(op, x, dy, { ...options, transpose: !transpose })
    const da = neg(transpose ? times(y, turned(db)) : times(db, turned(y)))
    const edge = unitriangular ? 1 : 0
    return [upper ? triu(da, { diagonal: edge }) : tril(da, { diagonal: -edge }), db]
  })
}

/** `a^-1`. */
export function inverseStack(op: string, a: Tensor): Tensor {
  const n = a.shape[1]
  const value = perMatrix(op, [a], [n, n], ([x], fail) => {
    const y = invert(x, n)
    if (!y) throw fail('singular')
    return y
  })
  return withRule(op, value, [a], (dy, _inputs, y) => [neg(times(turned(y), dy, turned(y)))])
}
