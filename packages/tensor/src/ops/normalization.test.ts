import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { expectClose, expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { layerNorm, rmsNorm } from './normalization.ts'

const data = [1, 2, 4, -1, 0.5, 3]
const x = float(data, [2, 3])
const weight = float([1, 2, 0.5])
const bias = float([0, -1, 3])

/** The definition, in plain loops. */
function normalized(row: number[], eps: number, centred: boolean): number[] {
  const average = centred ? row.reduce((a, b) => a + b, 0) / row.length : 0
  const square = row.reduce((total, value) => total + (value - average) ** 2, 0) / row.length
  return row.map(value => (value - average) / Math.sqrt(square + eps))
}
const rows = (eps: number, centred: boolean) =>
  [data.slice(0, 3), data.slice(3)].flatMap(row => normalized(row, eps, centred))

describe('layerNorm', () => {
  it('is its definition', () => {
    expectClose(layerNorm(x, [3]), rows(1e-5, true))
    expectClose(layerNorm(x, 3, null, null, { eps: 0.5 }), rows(0.5, true))
    expectClose(layerNorm(x, [2, 3]), normalized(data, 1e-5, true))
  })

  it('scales and shifts', () => {
    const scaled = rows(1e-5, true).map((value, i) => value * [1, 2, 0.5][i % 3])
    expectClose(layerNorm(x, [3], weight), scaled)
    expectClose(
      layerNorm(x, [3], weight, bias),
      scaled.map((value, i) => value + [0, -1, 3][i % 3]),
    )
    expectClose(
      layerNorm(x, [3], null, bias),
      rows(1e-5, true).map((value, i) => value + [0, -1, 3][i % 3]),
    )
  })

  it('takes its options in place of omitted tensors', () => {
    const expected = numbers(layerNorm(x, [3], null, null, { eps: 0.1 }))
    expectClose(layerNorm(x, [3], { eps: 0.1 }), expected)
    expectClose(layerNorm(x, [3], null, { eps: 0.1 }), expected)
  })

  it('keeps its digits far from 0', () => {
    expectClose(layerNorm(float([10000, 10001, 10003], [1, 3]), [3]), normalized([0, 1, 3], 1e-5, true), 1e-3)
  })

  it('rounds float16 once and promotes mixed dtypes', () => {
    const half = tensorOf('float16', data, [2, 3])
    expectClose(layerNorm(half, [3]), rows(1e-5, true), 1e-3)
    expect(layerNorm(half, [3]).dtype).toBe('float16')
    expect(layerNorm(half, [3], weight).dtype).toBe('float32')
    expectTensor(layerNorm(float([], [0, 3]), [3], weight, bias), 'float32', [0, 3], [])
  })

  it('agrees with finite differences to second order', () => {
    gradcheck((a, b, c) => layerNorm(a, [3], b, c), [x, weight, bias], { order: 2 })
    gradcheck(a => layerNorm(a, [2, 3], null, null, { eps: 0.1 }), [x], { order: 2 })
  })

  it('rejects what does not fit', () => {
    expectError(() => layerNorm(x, [2]), 'shape', 'layerNorm: normalizedShape [2] must equal the last dims of [2, 3]')
    expectError(
      () => layerNorm(x, [1, 2, 3]),
      'shape',
      'layerNorm: normalizedShape [1, 2, 3] must equal the last dims of [2, 3]',
    )
    expectError(
      () => layerNorm(x, []),
      'argument',
      'layerNorm: normalizedShape must be a size or a list of sizes, got an array of 0',
    )
    expectError(() => layerNorm(x, [3], float([1, 2])), 'shape', 'layerNorm: weight must have shape [3], got [2]')
    expectError(() => layerNorm(x, [3], null, x), 'shape', 'layerNorm: bias must have shape [3], got [2, 3]')
    expectError(() => layerNorm(tensorOf('int32', [1]), [1]), 'dtype', 'layerNorm: expected a float dtype, got int32')
    expectError(
      () => layerNorm(x, [3], null, null, { eps: '0' as never }),
      'argument',
      'layerNorm: eps must be a number, got string 0',
    )
  })
})

describe('rmsNorm', () => {
  it('is its definition', () => {
    expectClose(rmsNorm(x, [3]), rows(1e-6, false))
    expectClose(rmsNorm(x, [3], null, { eps: 0.5 }), rows(0.5, false))
    expectClose(rmsNorm(x, [3], { eps: 0.5 }), rows(0.5, false))
    expectClose(
      rmsNorm(x, 3, weight),
      rows(1e-6, false).map((value, i) => value * [1, 2, 0.5][i % 3]),
    )
  })

  it('agrees with finite differences to second order', () => {
    gradcheck((a, b) => rmsNorm(a, [3], b), [x, weight], { order: 2 })
  })

  it('rejects what does not fit', () => {
    expectError(() => rmsNorm(x, [2]), 'shape', 'rmsNorm: normalizedShape [2] must equal the last dims of [2, 3]')
    expectError(() => rmsNorm(x, [3], float([1])), 'shape', 'rmsNorm: weight must have shape [3], got [1]')
    expectError(() => rmsNorm(tensorOf('uint8', [1]), [1]), 'dtype', 'rmsNorm: expected a float dtype, got uint8')
  })
})
