import { describe, expect, test } from 'vitest'
import { binaryFunction } from '../../reference/binary-functions.ts'
import { allPairs, binaryResults, worstBinary } from './__fixtures__/accuracy.ts'
import { floatsOfAllExponents, signedSpecials } from './__fixtures__/floats.ts'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { emitBinary } from './emit.ts'

const [a, b] = allPairs(signedSpecials(), signedSpecials())
const near = floatsOfAllExponents(12)

describe.each(['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'fmax', 'fmin'] as const)('%s', f => {
  test('is exact at all pairs of special values', () => {
    expect(worstBinary(f, a, b, false)).toEqual({ error: 0, at: [] })
  })

  test('is exact for operands of similar size', () => {
    const other = near.map((x, i) => x * (0.3 + (i % 7) / 3))
    expect(worstBinary(f, near, other, false)).toEqual({ error: 0, at: [] })
  })
})

test('minus zero is less than zero, NaN beats numbers or is ignored', () => {
  const x = Float32Array.of(-0, 0, Number.NaN, 1)
  const y = Float32Array.of(0, -0, 1, Number.NaN)
  expect([...binaryResults('maximum', x, y)]).toEqual([0, 0, Number.NaN, Number.NaN])
  expect([...binaryResults('minimum', x, y)]).toEqual([-0, -0, Number.NaN, Number.NaN])
  expect([...binaryResults('fmax', x, y)]).toEqual([0, 0, 1, 1])
  expect([...binaryResults('fmin', x, y)]).toEqual([-0, -0, 1, 1])
})

test.each([
  ...(['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const),
  ...(['logicalAnd', 'logicalOr', 'logicalXor'] as const),
])('%s agrees with the definition at all pairs of special values', f => {
  const operands = [a, b].map(data => ({ dtype: 'float32', data }) as const)
  const result = runLanes(operands, 'bool', (code, [x, y], out) => emitBinary(code, f, 'float32', x, y, out))
  const definition = binaryFunction(f, 'float32')
  expect(result).toEqual(Uint8Array.from(a, (x, i) => definition(x, b[i])))
})

test('a product that is added is rounded in between, relaxed or not', () => {
  const x = Float32Array.of(1 + 2 ** -12, 1 - 2 ** -13, 3, 0.1)
  const operands = [{ dtype: 'float32', data: x } as const]
  for (const relaxed of [false, true]) {
    const result = runLanes(
      operands,
      'float32',
      (code, [local], out) => {
        emitBinary(code, 'mul', 'float32', local, local, out)
        emitBinary(code, 'sub', 'float32', out, local, out)
      },
      relaxed,
    )
    expect(result).toEqual(x.map(value => Math.fround(value * value) - value))
  }
})
