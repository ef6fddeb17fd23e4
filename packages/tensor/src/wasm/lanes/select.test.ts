import { expect, test } from 'vitest'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { emitSelect } from './select.ts'

const condition = { dtype: 'bool', data: Uint8Array.of(1, 0, 0, 1, 1) } as const

test('picks the first where the condition holds, and only its bits', () => {
  const a = { dtype: 'float32', data: Float32Array.of(1, Number.NaN, 3, -0, 5) } as const
  const b = { dtype: 'float32', data: Float32Array.of(Number.NaN, 20, 30, 40, Number.NaN) } as const
  const result = runLanes([condition, a, b], 'float32', (code, [c, x, y], out) => emitSelect(code, c, x, y, out))
  expect([...result]).toEqual([1, 20, 30, -0, 5])
})

test.each([0, 1, 2])('may write over operand %i', target => {
  const a = { dtype: 'int32', data: Int32Array.of(1, 2, 3, 4, 5) } as const
  const b = { dtype: 'int32', data: Int32Array.of(10, 20, 30, 40, 50) } as const
  const result = runLanes([condition, a, b], 'int32', (code, locals, out) => {
    const [c, x, y] = locals
    emitSelect(code, c, x, y, locals[target])
    code.get(locals[target]).set(out)
  })
  expect([...result]).toEqual([1, 20, 30, 4, 5])
})
