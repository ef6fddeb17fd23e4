import { expect, test } from 'vitest'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { byHalves } from './by-halves.ts'

const a = { dtype: 'float32', data: Float32Array.of(1, 2, 3, 4) } as const
const b = { dtype: 'float32', data: Float32Array.of(10, 20, 30, 40) } as const

test('both halves are computed in float64 and keep their places', () => {
  const result = runLanes([a, b], 'float32', (code, operands, out) =>
    byHalves(code, operands, out, (x, y) => {
      code.get(x).op('f64x2.promote_low_f32x4').get(y).op('f64x2.promote_low_f32x4').op('f64x2.sub')
      code.op('f32x4.demote_f64x2_zero')
    }),
  )
  expect([...result]).toEqual([-9, -18, -27, -36])
})

test('the result may replace an operand', () => {
  const result = runLanes([a], 'float32', (code, [x], out) => {
    byHalves(code, [x], x, low => {
      code.get(low).op('f64x2.promote_low_f32x4').op('f64x2.neg').op('f32x4.demote_f64x2_zero')
    })
    code.get(x).set(out)
  })
  expect([...result]).toEqual([-1, -2, -3, -4])
})
