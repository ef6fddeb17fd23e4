import { expect, test } from 'vitest'
import { Code } from '../code.ts'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { doubles } from './doubles.ts'

test('a constant is set once, before the loop, and holds all of a float64', () => {
  const data = Float32Array.of(1, 2, 3, 4, 5)
  const result = runLanes([{ dtype: 'float32', data }], 'float32', (code, [x], out) => {
    code.get(x).op('f64x2.promote_low_f32x4').get(doubles(code, Math.PI)).op('f64x2.mul')
    code
      .get(doubles(code, 2 ** 30))
      .op('f64x2.add')
      .get(doubles(code, 2 ** 30))
      .op('f64x2.sub')
    code.op('f32x4.demote_f64x2_zero').set(out)
  })
  const expected = [1, 2].map(x => Math.fround(x * Math.PI + 2 ** 30 - 2 ** 30))
  expect([...result.subarray(0, 4)]).toEqual([...expected, 0, 0])
})

test('equal constants share a local, others and other functions do not', () => {
  const code = new Code(1)
  expect(doubles(code, 2)).toBe(doubles(code, 2))
  expect(doubles(code, 3)).not.toBe(doubles(code, 2))
  expect(code.locals).toEqual(['v128', 'v128'])
  expect(doubles(new Code(4), 2)).toBe(4)
})
