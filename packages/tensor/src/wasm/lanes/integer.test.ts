import { describe, expect, test } from 'vitest'
import { hostArray } from '../../dtype.ts'
import { unaryFunctions } from '../../reference/unary-functions.ts'
import { bothResults, integerPairs } from './__fixtures__/integers.ts'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { emitUnary } from './emit.ts'

describe.each(['int32', 'uint8', 'int8'] as const)('%s', dtype => {
  const [a, b] = integerPairs(dtype)

  test.each([
    ...(['add', 'sub', 'mul', 'maximum', 'minimum', 'fmax', 'fmin', 'bitwiseAnd', 'bitwiseOr', 'bitwiseXor'] as const),
  ])('%s', f => {
    const { result, expected } = bothResults(f, dtype, a, b, dtype)
    expect(result).toEqual(expected)
  })

  test.each([
    ...(['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const),
    ...(['logicalAnd', 'logicalOr', 'logicalXor'] as const),
  ])('%s', f => {
    const { result, expected } = bothResults(f, dtype, a, b, 'bool')
    expect(result).toEqual(expected)
  })

  test.each(['neg', 'abs', 'sign', 'bitwiseNot'] as const)('%s', f => {
    const expected = hostArray(dtype, a.length)
    for (let i = 0; i < a.length; i++) expected[i] = unaryFunctions[f](a[i])
    expect(runLanes([{ dtype, data: a }], dtype, (code, [x], out) => emitUnary(code, f, dtype, x, out))).toEqual(
      expected,
    )
  })

  test('logicalNot', () => {
    const result = runLanes([{ dtype, data: a }], 'bool', (code, [x], out) =>
      emitUnary(code, 'logicalNot', dtype, x, out),
    )
    expect(result).toEqual(Uint8Array.from(a, x => Number(x === 0)))
  })
})

test('results wrap before they are used again', () => {
  const data = Uint8Array.of(200, 255, 3, 0)
  const result = runLanes([{ dtype: 'uint8', data }], 'bool', (code, [x], out) => {
    emitUnary(code, 'neg', 'uint8', x, out)
    code.get(out).get(code.ints(250)).op('i32x4.gt_s').set(out)
  })
  expect(result).toEqual(Uint8Array.of(0, 0, 1, 0))
})
