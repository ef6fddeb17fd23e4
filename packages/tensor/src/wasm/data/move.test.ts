import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dtypes } from '../../dtype.ts'
import { dense, expectSame, type Given, reads, shapes, valuesOf } from './__fixtures__/run-data.ts'
import { lowerView } from './move.ts'

const anyDtype = fc.constantFrom(...dtypes)

describe('cat', () => {
  it('joins like the plain loops, for every dtype, any strides and empty parts', () => {
    const step = fc
      .tuple(shapes(), anyDtype, fc.nat(), fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }))
      .chain(([shape, dtype, at, sizes]) => {
        const dim = at % shape.length
        return fc.record({
          parts: fc.tuple(...sizes.map(size => reads(shape.with(dim, size), dtype))),
          dtype: fc.constant(dtype),
          shape: fc.constant(
            shape.with(
              dim,
              sizes.reduce((a, b) => a + b, 0),
            ),
          ),
          dim: fc.constant(dim),
        })
      })
    fc.assert(
      fc.property(step, ({ parts, dtype, shape, dim }) => {
        expectSame({ primitive: { kind: 'cat', dim }, dtype, shape }, parts)
      }),
      { seed: 1, numRuns: 150 },
    )
  })

  it('has one code for parts of one layout', () => {
    const part = () =>
      dense(
        [4, 30],
        'int32',
        Array.from({ length: 120 }, (_, i) => i),
      )
    expectSame({ primitive: { kind: 'cat', dim: 0 }, dtype: 'int32', shape: [12, 30] }, [part(), part(), part()])
    expectSame({ primitive: { kind: 'cat', dim: 1 }, dtype: 'int32', shape: [4, 90] }, [part(), part(), part()])
  })
})

/** A read with a guard around it. */
const guarded = (given: Given, low: readonly number[], high: readonly number[], fill: number): Given => ({
  ...given,
  map: { ...given.map, guard: { low, high, fill } },
})

describe('view', () => {
  it('copies and fills like the plain loops', () => {
    const step = fc.tuple(shapes(), anyDtype).chain(([shape, dtype]) =>
      fc.record({
        x: reads(shape, dtype),
        low: fc.tuple(...shape.map(size => fc.integer({ min: 0, max: size }))),
        high: fc.tuple(...shape.map(size => fc.integer({ min: 0, max: size }))),
        fill: valuesOf(dtype),
        dtype: fc.constant(dtype),
        shape: fc.constant(shape),
        guards: fc.boolean(),
      }),
    )
    fc.assert(
      fc.property(step, ({ x, low, high, fill, dtype, shape, guards }) => {
        const read = guards ? guarded(x, low, high, fill) : x
        expectSame({ primitive: { kind: 'view', map: read.map }, dtype, shape }, [read])
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('copies and fills what is longer than a block', () => {
    for (const dtype of ['float32', 'float16', 'bool'] as const) {
      const size = 100_003
      const x = dense(
        [size],
        dtype,
        Array.from({ length: size }, (_, i) => i % 2),
      )
      const read = guarded(x, [70_001], [99_990], 1)
      expectSame({ primitive: { kind: 'view', map: read.map }, dtype, shape: [size] }, [read])
    }
  })

  it('needs no fill where the guard leaves nothing out', () => {
    const x = dense([2, 3], 'float32', [1, 2, 3, 4, 5, 6])
    expect(lowerView(guarded(x, [0, 0], [2, 3], 9)).phases).toHaveLength(1)
    expect(lowerView(guarded(x, [0, 0], [2, 2], 9)).phases).toHaveLength(2)
    expect(lowerView(guarded(x, [1, 0], [1, 3], 9)).phases).toHaveLength(1)
    expect(lowerView(dense([0, 3], 'float32', [])).phases).toHaveLength(0)
  })
})
