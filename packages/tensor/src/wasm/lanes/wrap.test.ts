import { expect, test } from 'vitest'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { wrap } from './wrap.ts'

const data = Int32Array.of(0, 127, 128, 255, 256, -1, -128, -129, 2147483647)

test.each([
  ['int32', data],
  ['uint8', Int32Array.from(Uint8Array.from(data))],
  ['int8', Int32Array.from(Int8Array.from(data))],
] as const)('to %s', (dtype, expected) => {
  const result = runLanes([{ dtype: 'int32', data }], 'int32', (code, [x], out) => {
    wrap(code.get(x), dtype).set(out)
  })
  expect(result).toEqual(expected)
})
