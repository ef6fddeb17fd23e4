import { describe, expect, test } from 'vitest'
import type { UnaryName } from '../../graph/node.ts'
import { unaryFunctions } from '../../reference/unary-functions.ts'
import { unaryResults, worstUnary } from './__fixtures__/accuracy.ts'
import { floatsBetween, floatsOfAllExponents } from './__fixtures__/floats.ts'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { emitUnary } from './emit.ts'

const everywhere = Float32Array.of(...floatsOfAllExponents(), ...floatsBetween(-9, 9, 73))

test.each(['neg', 'abs', 'sign', 'sqrt', 'reciprocal', 'floor', 'ceil', 'round', 'trunc'] as const)(
  '%s is exact, with the sign of zero',
  f => {
    expect(worstUnary(f, everywhere, false)).toEqual({ error: 0, at: [] })
  },
)

test('rsqrt is within 1.6 ulp', () => {
  expect(worstUnary('rsqrt', everywhere, false)).toSatisfy(worst => worst.error <= 1.6)
  expect([...unaryResults('rsqrt', Float32Array.of(4, 0.25, 0, -0, -1))]).toEqual([
    ...[0.5, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
  ])
})

test('halves are rounded to even', () => {
  expect([...unaryResults('round', Float32Array.of(0.5, 1.5, 2.5, -0.5, -1.5, 8388607.5, 0.49999997))]).toEqual([
    ...[0, 2, 2, -0, -2, 8388608, 0],
  ])
})

describe.each(['logicalNot', 'isnan', 'isfinite', 'isinf'] as const satisfies UnaryName[])('%s', f => {
  test('is true where the definition says', () => {
    const result = runLanes([{ dtype: 'float32', data: everywhere }], 'bool', (code, [x], out) =>
      emitUnary(code, f, 'float32', x, out),
    )
    expect(result).toEqual(Uint8Array.from(everywhere, unaryFunctions[f]))
  })
})
