import type { TriangularOptions } from '../linalg/substitution.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { optionsOf } from './internal/checks.ts'
import { squaresOf, systemOf } from './internal/matrices.ts'
import { inverseStack, solveStack, triangularSolveStack } from './internal/solving.ts'

export type { TriangularOptions } from '../linalg/substitution.ts'

/**
 * The solution x of `a x = b`, by LU factors with partial pivoting.
 *
 * @param a `[..., n, n]`
 * @param b `[..., n, k]`, or vectors: `[n]`, or `[..., n]` where that is a's shape without its last dim. Leading dims are
 * broadcast
 * @returns float of b's shape with the leading dims of both
 * @throws {SurprisalError} `shape` unless a is square and b has as many rows; `argument` when read, for a singular matrix
 */
export function solve(a: TensorLike, b: TensorLike): Tensor {
  const system = systemOf('solve', a, b, true)
  return system.restore(solveStack('solve', system.a, system.b))
}

/**
 * The solution x of `a x = b` for triangular a; its other triangle is not read.
 *
 * @param a `[..., n, n]`
 * @param b as in {@link solve}
 * @param options upper (false), transpose (false): solve with the transpose of a, unitriangular (false): ones on the
 * diagonal
 * @throws {SurprisalError} `shape` unless a is square and b has as many rows; `argument` when read, for a zero on the
 * diagonal
 */
export function triangularSolve(a: TensorLike, b: TensorLike, options: TriangularOptions = {}): Tensor {
  const { upper, transpose, unitriangular } = optionsOf('triangularSolve', options)
  const system = systemOf('triangularSolve', a, b, true)
  return system.restore(
    triangularSolveStack('triangularSolve', system.a, system.b, { upper, transpose, unitriangular }),
  )
}

/**
 * The inverse of square matrices, by LU factors with partial pivoting.
 *
 * @param a `[..., n, n]`
 * @throws {SurprisalError} `shape` unless a is square; `argument` when read, for a singular matrix
 */
export function inverse(a: TensorLike): Tensor {
  const { x, restore } = squaresOf('inverse', a)
  return restore(inverseStack('inverse', x))
}
