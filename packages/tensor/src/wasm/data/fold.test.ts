import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dtypes } from '../../dtype.ts'
import type { AffineMap } from '../../graph/affine.ts'
import { sizeOf } from '../../shape.ts'
import { dense, expectSame, reads, valuesOf } from './__fixtures__/run-data.ts'
import { lowerFold } from './fold.ts'

/** Windows of a batch of planes: how a convolution reads, with a guard for its padding. */
function windows(
  [batch, height, width]: readonly number[],
  { size, step, padding }: { size: number; step: number; padding: number },
): { map: AffineMap; shape: number[] } {
  const count = (n: number) => Math.max(0, Math.floor((n + 2 * padding - size) / step) + 1)
  const shape = [batch, height, width]
  const places = [batch, count(height), count(width), size, size]
  const map: AffineMap = {
    shape: places,
    strides: [height * width, step * width, step, width, 1],
    offset: 0,
    guard: null,
  }
  return { map, shape }
}

describe('fold', () => {
  it('adds overlapping windows like the plain loops', () => {
    const spec = fc.record({
      shape: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 9 })),
      size: fc.integer({ min: 1, max: 3 }),
      step: fc.integer({ min: 1, max: 3 }),
    })
    const step = spec.chain(({ shape: planes, ...window }) => {
      const { map, shape } = windows(planes, { ...window, padding: 0 })
      return fc.record({ x: reads(map.shape, 'float32'), map: fc.constant(map), shape: fc.constant(shape) })
    })
    fc.assert(
      fc.property(step, ({ x, map, shape }) => {
        expectSame({ primitive: { kind: 'fold', map }, dtype: 'float32', shape }, [x])
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('copies where no two places are the same, for every dtype, and leaves out what a guard does', () => {
    const step = fc
      .tuple(fc.constantFrom(...dtypes), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 20 }))
      .chain(([dtype, rows, columns]) =>
        fc.record({
          x: reads([columns, rows], dtype, valuesOf(dtype)),
          low: fc.tuple(fc.integer({ min: 0, max: columns }), fc.integer({ min: 0, max: rows })),
          dtype: fc.constant(dtype),
          map: fc.constant<AffineMap>({ shape: [columns, rows], strides: [1, columns + 2], offset: 1, guard: null }),
          shape: fc.constant([rows, columns + 2]),
        }),
      )
    fc.assert(
      fc.property(step, ({ x, low, dtype, map, shape }) => {
        const guard = { low, high: map.shape, fill: 0 }
        expectSame({ primitive: { kind: 'fold', map: { ...map, guard } }, dtype, shape }, [x])
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it('sums in float64', () => {
    const map: AffineMap = { shape: [5], strides: [0], offset: 0, guard: null }
    const x = dense([5], 'float32', [2 ** 24, 1, 1, 1, -(2 ** 24)])
    expectSame({ primitive: { kind: 'fold', map }, dtype: 'float32', shape: [1] }, [x])
  })

  it('does one plane a unit', () => {
    const { map, shape } = windows([6, 9, 9], { size: 3, step: 1, padding: 0 })
    const x = dense(map.shape, 'float32', new Array(sizeOf(map.shape)).fill(1))
    expect(lowerFold({ x, map, shape })?.phases.map(phase => phase.units)).toEqual([1, 6])
  })

  it('leaves backward views, overlaps of integers and tiles beyond memory to the plain loops', () => {
    const x = dense([4], 'float32', [1, 2, 3, 4])
    const map = (stride: number, offset: number): AffineMap => ({ shape: [4], strides: [stride], offset, guard: null })
    expect(lowerFold({ x, map: map(-1, 3), shape: [4] })).toBeNull()
    expect(lowerFold({ x: dense([4], 'int32', [1, 2, 3, 4]), map: map(0, 0), shape: [4] })).toBeNull()
    const wide: AffineMap = { shape: [2, 2 ** 20], strides: [1, 1], offset: 0, guard: null }
    expect(lowerFold({ x, map: wide, shape: [2 ** 20 + 1] })).toBeNull()
  })
})
