import { expect, test } from 'vitest'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { polynomial, polynomial64 } from './polynomial.ts'

const operand = { dtype: 'float32', data: Float32Array.of(0, 1, -2, 0.5, 10) } as const
const expected = [7, 12, 15, 8.75, 327]

test.each([false, true])('coefficients go from the highest degree down, relaxed %s', relaxed => {
  const result = runLanes(
    [operand],
    'float32',
    (code, [x], out) => {
      polynomial(code, x, [3, 2, 7])
      code.set(out)
    },
    relaxed,
  )
  expect([...result]).toEqual(expected)
})

test('the same in float64', () => {
  const result = runLanes([operand], 'float32', (code, [x], out) => {
    code.get(x).op('f64x2.promote_low_f32x4').set(out)
    polynomial64(code, out, [3, 2, 7])
    code.op('f32x4.demote_f64x2_zero').set(out)
  })
  expect([...result]).toEqual([7, 12, 0, 0, 327])
})
