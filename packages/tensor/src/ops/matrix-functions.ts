import { SurprisalError } from '../error.ts'
import type { Matrix } from '../linalg/dense.ts'
import { exponential, power } from '../linalg/powers.ts'
import { concatenate, withRule } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { got } from './internal/arguments.ts'
import { perMatrix, squaresOf, turned } from './internal/matrices.ts'
import { sliceView, spread } from './internal/views.ts'

/**
 * A function of matrices that has a power series. Its gradient is the upper right block of the same function of
 * `[[a^T, dy], [0, a^T]]`.
 * @see Mathias, "A chain rule for matrix functions and applications" (1996)
 */
function matrixFunction(op: string, a: Tensor, f: (a: Matrix, n: number) => Matrix | null): Tensor {
  const n = a.shape[1]
  const value = perMatrix(op, [a], [n, n], ([x], fail) => {
    const y = f(x, n)
    if (!y) throw fail('singular')
    return y
  })
  return withRule(op, value, [a], (dy, [x]) => {
    const t = turned(x)
    const top = concatenate(op, [t, dy], 2)
    const bottom = concatenate(op, [spread(op, 0, 'float32', t.shape), t], 2)
    const both = matrixFunction(op, concatenate(op, [top, bottom], 1), f)
    return [sliceView(op, sliceView(op, both, 1, 0, n), 2, n, n)]
  })
}

/**
 * The exponential of square matrices, by scaling and squaring.
 *
 * @param a `[..., n, n]`
 * @throws {SurprisalError} `shape` unless a is square
 */
export function matrixExp(a: TensorLike): Tensor {
  const { x, restore } = squaresOf('matrixExp', a)
  return restore(matrixFunction('matrixExp', x, exponential))
}

/**
 * An integer power of square matrices by repeated squaring; a negative one is that of the inverse.
 *
 * @param a `[..., n, n]`
 * @param n any integer
 * @throws {SurprisalError} `shape` unless a is square, `argument` unless n is an integer; `argument` when read, for a
 * negative power of a singular matrix
 */
export function matrixPower(a: TensorLike, n: number): Tensor {
  const { x, restore } = squaresOf('matrixPower', a)
  if (!Number.isInteger(n)) throw new SurprisalError('argument', `matrixPower: n must be an integer, got ${got(n)}`)
  return restore(matrixFunction('matrixPower', x, (matrix, size) => power(matrix, size, n)))
}
