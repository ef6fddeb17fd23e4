import type { BinaryName, UnaryName } from '../../../graph/node.ts'
import { binaryFunction } from '../../../reference/binary-functions.ts'
import { unaryFunctions } from '../../../reference/unary-functions.ts'
import { emitBinary, emitUnary } from '../emit.ts'
import { errorInUlps } from './floats.ts'
import { runLanes } from './run-lanes.ts'

/** A largest error and where it stands. */
export interface Worst {
  readonly error: number
  readonly at: readonly number[]
}

function worstOf(results: ArrayLike<number>, exact: (i: number) => number, at: (i: number) => number[]): Worst {
  let worst: Worst = { error: 0, at: [] }
  for (let i = 0; i < results.length; i++) {
    const error = errorInUlps(results[i], exact(i))
    if (error > worst.error) worst = { error, at: at(i) }
  }
  return worst
}

/** A function of floats as the generated code computes it. */
export const unaryResults = (f: UnaryName, x: Float32Array, relaxed = false): Float32Array =>
  runLanes(
    [{ dtype: 'float32', data: x }],
    'float32',
    (code, [local], out) => emitUnary(code, f, 'float32', local, out),
    relaxed,
  ) as Float32Array

/** A function of two operands as the generated code computes it. */
export const binaryResults = (f: BinaryName, a: Float32Array, b: Float32Array, relaxed = false): Float32Array =>
  runLanes(
    [
      { dtype: 'float32', data: a },
      { dtype: 'float32', data: b },
    ],
    'float32',
    (code, [first, second], out) => emitBinary(code, f, 'float32', first, second, out),
    relaxed,
  ) as Float32Array

/** The largest error in ulps against float64. */
export function worstUnary(f: UnaryName, x: Float32Array, relaxed: boolean): Worst {
  const exact = unaryFunctions[f]
  return worstOf(
    unaryResults(f, x, relaxed),
    i => exact(x[i]),
    i => [x[i]],
  )
}

/** The largest error in ulps against float64. */
export function worstBinary(f: BinaryName, a: Float32Array, b: Float32Array, relaxed: boolean): Worst {
  const exact = binaryFunction(f, 'float32')
  return worstOf(
    binaryResults(f, a, b, relaxed),
    i => exact(a[i], b[i]),
    i => [a[i], b[i]],
  )
}

/** Every element of `a` with every one of `b`. */
export function allPairs(a: Float32Array, b: Float32Array): [Float32Array, Float32Array] {
  const first = new Float32Array(a.length * b.length)
  const second = new Float32Array(first.length)
  for (let i = 0; i < first.length; i++) {
    first[i] = a[i % a.length]
    second[i] = b[Math.floor(i / a.length)]
  }
  return [first, second]
}
