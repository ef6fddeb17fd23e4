import { expect, test } from 'vitest'
import { binaryFunction } from '../../reference/binary-functions.ts'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { emitBinary, emitUnary } from './emit.ts'

const a = Uint8Array.of(0, 0, 1, 1, 1)
const b = Uint8Array.of(0, 1, 0, 1, 0)
const operands = [a, b].map(data => ({ dtype: 'bool', data }) as const)

test.each([
  ...(['add', 'mul', 'maximum', 'minimum', 'fmax', 'fmin', 'bitwiseAnd', 'bitwiseOr', 'bitwiseXor'] as const),
  ...(['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const),
  ...(['logicalAnd', 'logicalOr', 'logicalXor'] as const),
])('%s of truth values', f => {
  const definition = binaryFunction(f, 'bool')
  const expected = a.map((x, i) => definition(x, b[i]))
  expect(runLanes(operands, 'bool', (code, [x, y], out) => emitBinary(code, f, 'bool', x, y, out))).toEqual(expected)
})

test.each(['logicalNot', 'bitwiseNot'] as const)('%s of truth values', f => {
  expect(runLanes([operands[0]], 'bool', (code, [x], out) => emitUnary(code, f, 'bool', x, out))).toEqual(
    Uint8Array.of(1, 1, 0, 0, 0),
  )
})
