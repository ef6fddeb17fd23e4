import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AffineMap } from '../graph/affine.ts'
import { contiguousStrides, sizeOf } from '../shape.ts'
import {
  elementsOf,
  floatOperands,
  indices,
  mapsOf,
  numbers,
  operand,
  runKernel,
  runKernelExactly,
  shapes,
} from './__fixtures__/run-kernel.ts'
import type { KernelOperand } from './kernel-function.ts'

const runView = (x: KernelOperand): number[] => runKernel({ kind: 'view', map: x.map }, x.dtype, x.map.shape, [x])

/** A guard over `shape`, often around nothing or beyond the edges. */
const guards = (shape: readonly number[]): fc.Arbitrary<AffineMap['guard']> =>
  fc
    .tuple(...shape.map(dim => fc.tuple(fc.integer({ min: -1, max: dim }), fc.integer({ min: 0, max: dim + 1 }))))
    .map(bounds => ({ low: bounds.map(([low]) => low), high: bounds.map(([, high]) => high), fill: -7 }))

describe('view', () => {
  it('reads through any map', () => {
    fc.assert(
      fc.property(
        shapes(4).chain(shape => floatOperands(shape)),
        x => {
          expect(runView(x)).toEqual(elementsOf(x))
        },
      ),
    )
  })

  it('fills what lies outside of the guard', () => {
    const cases = shapes(3).chain(shape => fc.tuple(floatOperands(shape), guards(shape)))
    fc.assert(
      fc.property(cases, ([x, guard]) => {
        const guarded = { ...x, map: { ...x.map, guard } }
        expect(runView(guarded)).toEqual(elementsOf(guarded))
      }),
    )
  })

  it('pads a matrix, reading before its first element only in theory', () => {
    const map = { shape: [4, 4], strides: [2, 1], offset: -3, guard: { low: [1, 1], high: [3, 3], fill: 9 } }
    const x = operand([1, 2, 3, 4], 'float32', [4, 4], map)
    expect(runView(x)).toEqual([9, 9, 9, 9, 9, 1, 2, 9, 9, 3, 4, 9, 9, 9, 9, 9])
  })

  it('fills everything when the source is empty', () => {
    const map = { shape: [3], strides: [1], offset: -1, guard: { low: [1], high: [1], fill: 5 } }
    expect(runView(operand([], 'int32', [3], map))).toEqual([5, 5, 5])
  })

  it('keeps integers and bools', () => {
    expect(runView(operand([1, 0, 1, 1], 'bool', [2, 2], { strides: [1, 2] }))).toEqual([1, 1, 0, 1])
    expect(runView(operand([-128, 127], 'int8', [2], { strides: [-1], offset: 1 }))).toEqual([127, -128])
  })
})

/** The definition: add every element where the view read it. */
function folded(x: KernelOperand, map: AffineMap, size: number): number[] {
  const out = new Array<number>(size).fill(0)
  const values = elementsOf(x)
  indices(map.shape).forEach((index, k) => {
    const { guard } = map
    if (guard && index.some((i, d) => i < guard.low[d] || i >= guard.high[d])) return
    out[index.reduce((at, i, d) => at + i * map.strides[d], map.offset)] += values[k]
  })
  return out
}

const integers = fc.integer({ min: -8, max: 8 })

describe('fold', () => {
  it('adds elements where the view read them', () => {
    const cases = shapes(4).chain(shape => fc.tuple(mapsOf(shape), floatOperands(shape, integers)))
    fc.assert(
      fc.property(cases, ([{ map, size }, x]) => {
        expect(runKernel({ kind: 'fold', map }, 'float32', [size], [x])).toEqual(folded(x, map, size))
      }),
    )
  })

  it('leaves out what the guard hid', () => {
    const cases = shapes(3).chain(shape => fc.tuple(mapsOf(shape), floatOperands(shape, integers), guards(shape)))
    fc.assert(
      fc.property(cases, ([{ map, size }, x, guard]) => {
        const hidden = { ...map, guard }
        expect(runKernel({ kind: 'fold', map: hidden }, 'float32', [size], [x])).toEqual(folded(x, hidden, size))
      }),
    )
  })

  it('overlapping windows add up', () => {
    const map = { shape: [3, 2], strides: [1, 1], offset: 0, guard: null }
    const x = operand([1, 2, 3, 4, 5, 6], 'float32', [3, 2])
    expect(runKernel({ kind: 'fold', map }, 'float32', [4], [x])).toEqual([1, 5, 9, 6])
    expect(runKernel({ kind: 'fold', map }, 'int32', [4], [operand([1, 2, 3, 4, 5, 6], 'int32', [3, 2])])).toEqual([
      1, 5, 9, 6,
    ])
    expect(runKernel({ kind: 'fold', map }, 'bool', [4], [operand([1, 1, 1, 0, 0, 0], 'bool', [3, 2])])).toEqual([
      1, 1, 0, 0,
    ])
  })

  it('gathers many small terms without losing them', () => {
    const n = 100_000
    const map = { shape: [n], strides: [0], offset: 0, guard: null }
    const x = operand(new Float32Array(n).fill(0.1), 'float32', [n])
    expect(runKernel({ kind: 'fold', map }, 'float32', [1], [x])).toEqual([Math.fround(n * Math.fround(0.1))])
  })

  it('is the adjoint of view', () => {
    const shape = [3, 4, 2]
    const map = { shape, strides: [1, 2, 5], offset: 1, guard: { low: [0, 1, 0], high: [3, 4, 2], fill: 0 } }
    const size = 20
    const x = operand(numbers(size), 'float32', shape, map)
    const y = operand(numbers(sizeOf(shape)).reverse(), 'float32', shape, { strides: contiguousStrides(shape) })
    const exact = [
      runKernelExactly({ kind: 'view', map }, 'float32', shape, [x]),
      runKernelExactly({ kind: 'fold', map }, 'float32', [size], [y]),
    ]
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Array.from(a).reduce((sum, v, k) => sum + v * b[k], 0)
    expect(dot(exact[0], y.data)).toBeCloseTo(dot(exact[1], x.data), 12)
  })
})
