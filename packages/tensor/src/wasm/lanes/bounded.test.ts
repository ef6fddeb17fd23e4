import { expect, test } from 'vitest'
import { allPairs } from './__fixtures__/accuracy.ts'
import { floatsOfAllExponents, signedSpecials } from './__fixtures__/floats.ts'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { type Extreme, emitBounded, prepareBound } from './bounded.ts'
import { emitBinary } from './emit.ts'

const results = (f: Extreme, x: Float32Array, bound: Float32Array, write: typeof emitBounded | null) => {
  const operands = [x, bound].map(data => ({ dtype: 'float32', data }) as const)
  return runLanes(operands, 'float32', (code, [a, b], out) => {
    if (write === null) emitBinary(code, f, 'float32', a, b, out)
    else {
      const prepared = code.local('v128')
      prepareBound(code, f, b, prepared)
      write(code, f, a, b, prepared, out)
    }
  }) as Float32Array
}

test.each(['maximum', 'minimum'] as const)('%s with a bound is that of two operands, with its zeros', f => {
  const [x, bound] = allPairs(Float32Array.of(...signedSpecials(), ...floatsOfAllExponents(2)), signedSpecials())
  expect(results(f, x, bound, emitBounded)).toEqual(results(f, x, bound, null))
})

test('NaN wins on either side, and -0 is less than 0', () => {
  const x = Float32Array.of(Number.NaN, 1, -0, 0, -0)
  const bound = Float32Array.of(1, Number.NaN, 0, -0, -0)
  expect([...results('maximum', x, bound, emitBounded)]).toEqual([Number.NaN, Number.NaN, 0, 0, -0])
  expect([...results('minimum', x, bound, emitBounded)]).toEqual([Number.NaN, Number.NaN, -0, -0, -0])
})
