import { add, sub } from '../gradient/algebra.ts'
import { product } from '../linalg/dense.ts'
import { pseudoInverse } from '../linalg/pseudo-inverse.ts'
import { withRule } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { numberOption, optionsOf } from './internal/checks.ts'
import { matricesOf, perMatrix, systemOf, times, turned } from './internal/matrices.ts'

const defaultTolerance = (rows: number, columns: number): number => 1e-6 * Math.max(rows, columns)

/** {@link pinv} of a stack. */
function pinvStack(op: string, a: Tensor, rtol: number): Tensor {
  const [, m, n] = a.shape
  const value = perMatrix(op, [a], [n, m], ([x]) => pseudoInverse(x, m, n, rtol))
  return withRule(op, value, [a], (dy, [x], p) => [pinvGradient(x, p, dy)])
}

/** Gradient towards a matrix whose pseudo-inverse `p` receives `dp`, for constant rank (Golub & Pereyra, 1973). */
function pinvGradient(a: Tensor, p: Tensor, dp: Tensor): Tensor {
  const [pt, gt] = [turned(p), turned(dp)]
  const right = times(gt, p, pt)
  const left = times(pt, p, gt)
  return sub(add(sub(right, times(a, p, right)), sub(left, times(left, p, a))), times(pt, dp, pt))
}

/** Options of {@link pinv}. */
export interface PinvOptions {
  /** Singular values up to this times the largest one count as 0. @default 1e-6 times the larger of m and n */
  rtol?: number
}

/**
 * The Moore-Penrose inverse, by singular values. Its gradient holds where the rank is constant.
 *
 * @param a `[..., m, n]`
 * @param options rtol
 * @returns `[..., n, m]`
 * @throws {SurprisalError} `shape` for less than 2 dims
 */
export function pinv(a: TensorLike, options: PinvOptions = {}): Tensor {
  const { rtol } = optionsOf('pinv', options)
  const { x, restore } = matricesOf('pinv', a)
  const [, m, n] = x.shape
  return restore(pinvStack('pinv', x, numberOption('pinv', 'rtol', rtol, defaultTolerance(m, n))))
}

/**
 * The x of least norm among those that make the norm of `a x - b` least, by singular values; those up to
 * `1e-6 max(m, n)` times the largest one count as 0. Its gradient holds where the rank is constant.
 *
 * @param a `[..., m, n]`
 * @param b `[..., m, k]`, or vectors as in {@link solve}
 * @returns `[..., n, k]`, or `[..., n]` for vectors
 * @throws {SurprisalError} `shape` when the numbers of rows differ
 */
export function lstsq(a: TensorLike, b: TensorLike): Tensor {
  const op = 'lstsq'
  const system = systemOf(op, a, b, false)
  const [, m, n] = system.a.shape
  const k = system.b.shape[2]
  const rtol = defaultTolerance(m, n)
  const value = perMatrix(op, [system.a, system.b], [n, k], ([left, right]) =>
    product(pseudoInverse(left, m, n, rtol), right, n, m, k),
  )
  const solution = withRule(op, value, [system.a, system.b], (dy, [x, y]) => {
    const p = pinvStack(op, x, rtol)
    return [pinvGradient(x, p, times(dy, turned(y))), times(turned(p), dy)]
  })
  return system.restore(solution)
}
