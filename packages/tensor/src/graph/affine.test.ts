import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contiguousStrides, sizeOf } from '../shape.ts'
import { type AffineMap, composeMaps, identityMap, isContiguous } from './affine.ts'

const map = (shape: number[], strides: number[], offset = 0, guard: AffineMap['guard'] = null): AffineMap => ({
  shape,
  strides,
  offset,
  guard,
})

/** The source element that each element of the view reads; -1 where a guard keeps it out. */
function places({ shape, strides, offset, guard }: AffineMap): number[] {
  const units = contiguousStrides(shape)
  return Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const at = shape.map((dim, d) => Math.floor(flat / units[d]) % dim)
    const inside = !guard || at.every((i, d) => i >= guard.low[d] && i < guard.high[d])
    return inside ? at.reduce((sum, i, d) => sum + i * strides[d], offset) : -1
  })
}

/** A map made by the views that users write: permutation, broadcasting, slices with steps, flips, reshapes. */
function randomView(source: readonly number[]): fc.Arbitrary<AffineMap> {
  const own = contiguousStrides(source)
  const permuted = fc.shuffledSubarray([...source.keys()], { minLength: source.length }).map(order =>
    map(
      order.map(d => source[d]),
      order.map(d => own[d]),
    ),
  )
  const sliced = fc
    .tuple(...source.map(dim => fc.tuple(fc.nat(dim - 1), fc.integer({ min: 1, max: 3 }), fc.boolean())))
    .map(cuts => {
      const counts = cuts.map(([start, step], d) => Math.ceil((source[d] - start) / step))
      const first = cuts.map(([start, step, flip], d) => (flip ? start + (counts[d] - 1) * step : start))
      return map(
        counts,
        cuts.map(([, step, flip], d) => (flip ? -1 : 1) * step * own[d]),
        first.reduce((sum, at, d) => sum + at * own[d], 0),
      )
    })
  const broadcast = fc.integer({ min: 1, max: 3 }).map(times => map([times, ...source], [0, ...own]))
  const size = sizeOf(source)
  const divisors = Array.from({ length: size }, (_, i) => i + 1).filter(n => size % n === 0)
  const reshaped = fc.constantFrom(...divisors).map(n => identityMap([n, size / n]))
  return fc.oneof(permuted, sliced, broadcast, reshaped)
}

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
const pairs = shapes.chain(source =>
  randomView(source).chain(inner => fc.tuple(fc.constant(inner), randomView(inner.shape))),
)

describe('composeMaps', () => {
  it('reads nothing of anything', () => {
    const empty = map([0, 2], [2, 1])
    expect(composeMaps(empty, map([2, 3], [1, 2]))).toEqual({ ...empty, strides: [0, 0] })
  })

  it('reads through the composed map what reading twice gives', () => {
    fc.assert(
      fc.property(pairs, ([inner, outer]) => {
        const composed = composeMaps(outer, inner)
        if (!composed) return
        const below = places(inner)
        expect(places(composed)).toEqual(places(outer).map(at => below[at]))
      }),
      { numRuns: 2000 },
    )
  })

  it('finds a map for every chain of permutations and slices', () => {
    const source = fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 2, maxLength: 3 })
    const own = (shape: readonly number[]) => contiguousStrides(shape)
    const permutation = (shape: readonly number[]) =>
      fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }).map(order =>
        map(
          order.map(d => shape[d]),
          order.map(d => own(shape)[d]),
        ),
      )
    fc.assert(
      fc.property(
        source.chain(shape =>
          permutation(shape).chain(inner => fc.tuple(fc.constant(inner), permutation(inner.shape))),
        ),
        ([inner, outer]) => {
          expect(composeMaps(outer, inner)).not.toBeNull()
        },
      ),
    )
  })

  it.each([
    ['a transposed matrix flattened', identityMap([6]), map([3, 2], [1, 3])],
    ['anything behind a guard', identityMap([4]), map([4], [1], -1, { low: [1], high: [3], fill: 0 })],
    [
      'a guard before a transposed matrix',
      map([2, 2], [2, 1], 0, { low: [0, 0], high: [1, 1], fill: 0 }),
      map([2, 2], [1, 2]),
    ],
    ['a window that leaves the rows of a slice', map([2, 3], [2, 1]), map([2, 2], [4, 1])],
  ])('has no strides for %s', (_, outer, inner) => {
    expect(composeMaps(outer, inner)).toBeNull()
  })

  it('keeps the guard of what reads a contiguous part', () => {
    const guard = { low: [1], high: [3], fill: 5 }
    const composed = composeMaps(map([4], [1], -1, guard), map([2], [1], 6))
    expect(composed).toEqual(map([4], [1], 5, guard))
  })

  it('merges dims that follow one another', () => {
    const rows = map([2, 6], [12, 1], 3)
    expect(composeMaps(identityMap([2, 2, 3]), rows)).toEqual(map([2, 2, 3], [12, 3, 1], 3))
  })

  it('reads one element at any rank', () => {
    expect(composeMaps(map([], [], 5), map([2, 3], [1, 2]))).toEqual(map([], [], 5))
    expect(composeMaps(map([1, 1], [7, 7], 1), map([2, 3], [1, 2]))).toEqual(map([1, 1], [0, 0], 2))
  })
})

describe('isContiguous', () => {
  it.each([
    ['the identity', identityMap([2, 3]), true],
    ['a part from an offset', map([2, 3], [3, 1], 4), true],
    ['any stride of a dim of one', map([1, 3], [99, 1]), true],
    ['rank 0', map([], []), true],
    ['columns', map([3, 2], [1, 3]), false],
    ['a step', map([3], [2]), false],
    ['a flip', map([3], [-1], 2), false],
    ['a repetition', map([2, 3], [0, 1]), false],
    ['a guard', map([3], [1], 0, { low: [0], high: [2], fill: 0 }), false],
  ])('tells %s', (_, view, contiguous) => {
    expect(isContiguous(view)).toBe(contiguous)
  })
})

describe('identityMap', () => {
  it('reads every element where it is', () => {
    expect(places(identityMap([2, 3]))).toEqual([0, 1, 2, 3, 4, 5])
    expect(places(identityMap([]))).toEqual([0])
    expect(places(identityMap([2, 0]))).toEqual([])
  })
})
