import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DType } from '../dtype.ts'
import type { ScanName } from '../graph/node.ts'
import {
  elementsOf,
  floatOperands,
  indices,
  operand,
  runKernel,
  runKernelExactly,
  shapes,
} from './__fixtures__/run-kernel.ts'
import type { KernelOperand } from './kernel-function.ts'

const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minusInf } = Number

function run(
  f: ScanName,
  x: KernelOperand,
  dim: number,
  options: { exclusive?: boolean; reverse?: boolean } = {},
): number[] {
  const dtype: DType = f === 'argmax' || f === 'argmin' ? 'int32' : x.dtype
  return runKernel({ kind: 'scan', f, dim, exclusive: false, reverse: false, ...options }, dtype, x.map.shape, [x])
}

const line = (values: number[], dtype: DType = 'float32'): KernelOperand => operand(values, dtype, [values.length])

describe('sum', () => {
  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('over any dim of any operand (exclusive %s, reverse %s)', (exclusive, reverse) => {
    const cases = shapes(4)
      .filter(shape => shape.length > 0)
      .chain(shape => fc.tuple(floatOperands(shape, fc.integer({ min: -9, max: 9 })), fc.nat(shape.length - 1)))
    fc.assert(
      fc.property(cases, ([x, dim]) => {
        const values = elementsOf(x)
        const all = indices(x.map.shape)
        const expected = all.map(index =>
          all.reduce((sum, other, k) => {
            const sameLine = other.every((i, d) => d === dim || i === index[d])
            const [near, far] = reverse ? [index[dim], other[dim]] : [other[dim], index[dim]]
            return sameLine && (exclusive ? near < far : near <= far) ? sum + values[k] : sum
          }, 0),
        )
        expect(run('sum', x, dim, { exclusive, reverse }).map(v => v + 0)).toEqual(expected.map(v => v + 0))
      }),
      { numRuns: 40 },
    )
  })

  it('carries on in float64 and rounds each element once', () => {
    const n = 20000
    const sums = run('sum', operand(new Float32Array(n).fill(0.1), 'float32', [n]), 0)
    expect(Math.abs(sums[n - 1] / (n * Math.fround(0.1)) - 1)).toBeLessThan(1e-7)
    const x = operand(Float64Array.of(0.1, 0.2), 'float32', [2])
    const scan = { kind: 'scan', f: 'sum', dim: 0, exclusive: false, reverse: false } as const
    expect(runKernelExactly(scan, 'float32', [2], [x])).toEqual([0.1, 0.1 + 0.2])
  })

  it('integers wrap and bools are or', () => {
    expect(run('sum', line([2 ** 31 - 1, 1, 1], 'int32'), 0)).toEqual([2 ** 31 - 1, -(2 ** 31), -(2 ** 31) + 1])
    expect(run('sum', line([0, 1, 0], 'bool'), 0)).toEqual([0, 1, 1])
  })

  it('NaN sticks', () => {
    expect(run('sum', line([1, nan, 2]), 0)).toEqual([1, nan, nan])
  })
})

describe('prod', () => {
  it('runs forward, backward and one behind', () => {
    const x = line([2, 3, 4])
    expect(run('prod', x, 0)).toEqual([2, 6, 24])
    expect(run('prod', x, 0, { reverse: true })).toEqual([24, 12, 4])
    expect(run('prod', x, 0, { exclusive: true })).toEqual([1, 2, 6])
    expect(run('prod', x, 0, { exclusive: true, reverse: true })).toEqual([12, 4, 1])
  })

  it('integers wrap and bools are and', () => {
    expect(run('prod', line([65537, 65537], 'int32'), 0)).toEqual([65537, 131073])
    expect(run('prod', line([1, 0, 1], 'bool'), 0)).toEqual([1, 0, 0])
  })
})

describe('logsumexp', () => {
  it('is stable for large and for missing terms', () => {
    expect(run('logsumexp', line([1000, 1000]), 0)).toEqual([1000, Math.fround(1000 + Math.LN2)])
    expect(run('logsumexp', line([minusInf, minusInf, 0]), 0)).toEqual([minusInf, minusInf, 0])
    expect(run('logsumexp', line([inf, 1, nan]), 0)).toEqual([inf, inf, nan])
    expect(run('logsumexp', line([0, 5]), 0, { exclusive: true })).toEqual([minusInf, 0])
  })

  it('is the logarithm of the running sum', () => {
    const values = [0.5, -1, 2, 0.25]
    let sum = 0
    const expected = values.map(x => {
      sum += Math.exp(x)
      return Math.fround(Math.log(sum))
    })
    run('logsumexp', line(values), 0).forEach((y, k) => {
      expect(Math.abs(y - expected[k])).toBeLessThan(2e-7)
    })
  })
})

describe('argmax and argmin', () => {
  it('keep the first among ties', () => {
    expect(run('argmax', line([1, 3, 2, 3, 4]), 0)).toEqual([0, 1, 1, 1, 4])
    expect(run('argmin', line([3, 1, 1, 2, 0]), 0)).toEqual([0, 1, 1, 1, 4])
    expect(run('argmax', line([minusInf, minusInf]), 0)).toEqual([0, 0])
  })

  it('stay at the first NaN', () => {
    expect(run('argmax', line([1, nan, 5, nan]), 0)).toEqual([0, 1, 1, 1])
    expect(run('argmin', line([nan, 1]), 0)).toEqual([0, 0])
  })

  it('give positions counted from the front when they run backwards', () => {
    expect(run('argmax', line([1, 3, 2]), 0, { reverse: true })).toEqual([1, 1, 2])
  })

  it('run along the first dim of a matrix', () => {
    const x = operand([1, 9, 3, 2, 2, 9], 'int32', [3, 2])
    expect(run('argmax', x, 0)).toEqual([0, 0, 1, 0, 1, 0])
  })
})
