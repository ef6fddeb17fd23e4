import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dtypes } from '../../dtype.ts'
import { dense, expectSame, reads, runLowered, shapes } from './__fixtures__/run-data.ts'
import { lowerTake } from './take.ts'

const anyDtype = fc.constantFrom(...dtypes)
const indexType = fc.constantFrom('int32' as const, 'uint8' as const)
const filled = shapes().filter(shape => !shape.includes(0))
const withDim = filled.chain(shape => fc.tuple(fc.constant(shape), fc.integer({ min: 0, max: shape.length - 1 })))

describe('take', () => {
  it('copies slices like the plain loops, for every dtype and any strides', () => {
    const step = fc
      .tuple(withDim, anyDtype, indexType, fc.integer({ min: 0, max: 9 }))
      .chain(([[shape, dim], dtype, type, count]) =>
        fc.record({
          x: reads(shape, dtype),
          index: reads([count], type, fc.integer({ min: 0, max: shape[dim] - 1 })),
          dtype: fc.constant(dtype),
          shape: fc.constant(shape.with(dim, count)),
          dim: fc.constant(dim),
        }),
      )
    fc.assert(
      fc.property(step, ({ x, index, dtype, shape, dim }) => {
        expectSame({ primitive: { kind: 'take', dim, op: 'take' }, dtype, shape }, [x, index])
      }),
      { seed: 1, numRuns: 150 },
    )
  })

  it('copies long rows in blocks', () => {
    const rows = dense(
      [5, 20_001],
      'float32',
      Array.from({ length: 100_005 }, (_, i) => i),
    )
    const index = dense([3], 'int32', [4, 0, 4])
    expectSame({ primitive: { kind: 'take', dim: 0, op: 'take' }, dtype: 'float32', shape: [3, 20_001] }, [rows, index])
  })

  it.each([
    [-1, 'int32'],
    [3, 'int32'],
    [3, 'uint8'],
    [2 ** 31 - 1, 'int32'],
  ] as const)('reports index %d (%s)', (wrong, type) => {
    const x = dense([3, 2], 'float32', [1, 2, 3, 4, 5, 6])
    const index = dense([3], type, [2, wrong, 1])
    const lowered = lowerTake({ x, index, shape: [3, 2], dim: 0 })
    const { data, status } = runLowered(lowered, [x, index], 'float32', [3, 2])
    expect(status).toEqual([1, wrong])
    expect([data.slice(0, 2), data.slice(4)]).toEqual([
      [5, 6],
      [3, 4],
    ])
  })
})

describe('gather', () => {
  it('reads elements like the plain loops', () => {
    const step = fc
      .tuple(withDim, anyDtype, indexType, fc.integer({ min: 0, max: 9 }), fc.integer())
      .chain(([[shape, dim], dtype, type, count, seed]) => {
        const wanted = shape.map((size, d) => (d === dim ? count : Math.abs(seed >> d) % (size + 1)))
        return fc.record({
          x: reads(shape, dtype),
          index: reads(wanted, type, fc.integer({ min: 0, max: shape[dim] - 1 })),
          dtype: fc.constant(dtype),
          shape: fc.constant(wanted),
          dim: fc.constant(dim),
        })
      })
    fc.assert(
      fc.property(step, ({ x, index, dtype, shape, dim }) => {
        expectSame({ primitive: { kind: 'gather', dim, op: 'gather' }, dtype, shape }, [x, index])
      }),
      { seed: 2, numRuns: 150 },
    )
  })
})
