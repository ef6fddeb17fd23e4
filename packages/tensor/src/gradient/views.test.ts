import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AffineMap } from '../graph/affine.ts'
import { gradients, type Tensor, tensor, zeros } from '../index.ts'
import { fold, view } from '../primitive.ts'
import { contiguousStrides, sizeOf } from '../shape.ts'
import { viewGradient } from './views.ts'

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
])
const list = (y: Tensor) => Array.from(y.dataSync())
const map = (shape: number[], strides: number[], offset = 0, guard: AffineMap['guard'] = null): AffineMap => ({
  shape,
  strides,
  offset,
  guard,
})

const views: Record<string, AffineMap> = {
  identity: map([2, 3], [3, 1]),
  reshape: map([3, 2], [2, 1]),
  transpose: map([3, 2], [1, 3]),
  'unsqueezed transpose': map([3, 1, 2], [1, 0, 3]),
  'repeated rows': map([4, 2, 3], [0, 3, 1]),
  'repeated and transposed': map([3, 2, 2], [1, 0, 3]),
  'one row repeated': map([3, 3], [0, 1], 3),
  column: map([2], [3], 1),
  'every other': map([3], [2]),
  flip: map([2, 3], [-3, -1], 5),
  'overlapping windows': map([5, 2], [1, 1]),
  'one element': map([], [], 4),
  padding: map([4, 5], [3, 1], -4, { low: [1, 1], high: [3, 4], fill: 0 }),
  'padding with a crop': map([2, 4], [3, 1], 1, { low: [0, 0], high: [1, 2], fill: 9 }),
  'padding of nothing': map([3, 2], [3, 1], 0, { low: [0, 0], high: [0, 2], fill: 1 }),
}

/** The adjoint by its definition. */
function adjoint({ shape, strides, offset, guard }: AffineMap, dy: ArrayLike<number>, size: number): number[] {
  const out = new Array<number>(size).fill(0)
  const units = contiguousStrides(shape)
  for (let flat = 0; flat < sizeOf(shape); flat++) {
    const at = shape.map((dim, d) => Math.floor(flat / units[d]) % dim)
    if (guard && !at.every((i, d) => i >= guard.low[d] && i < guard.high[d])) continue
    out[at.reduce((sum, i, d) => sum + i * strides[d], offset)] += dy[flat]
  }
  return out
}

describe('viewGradient', () => {
  it.each(Object.entries(views))('of %s adds every element where it was read', (_, read) => {
    const dy = tensor(
      Float32Array.from({ length: sizeOf(read.shape) }, (_unused, i) => i + 1),
      { shape: read.shape },
    )
    const got = viewGradient(dy, read, [2, 3])
    expect([got.shape, list(got)]).toEqual([[2, 3], adjoint(read, dy.dataSync(), 6)])
  })

  it.each(Object.entries(views))('of %s agrees with differences, to the second order', (_, read) => {
    gradcheck(y => view('test', y.square(), read), [x], { order: 2 })
  })

  it('has the shape of an empty source', () => {
    const grad = viewGradient(zeros([0, 4]), map([0, 4], [4, 1]), [4, 0])
    expect(grad.shape).toEqual([4, 0])
    expect(list(grad)).toEqual([])
  })

  it('is the adjoint of random windows', () => {
    const windows = fc.record({
      shape: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
      strides: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 }),
      offset: fc.nat(3),
    })
    fc.assert(
      fc.property(windows, ({ shape, strides, offset }) => {
        const read = map(shape, strides.slice(0, shape.length), offset)
        const dy = tensor(
          Float32Array.from({ length: sizeOf(shape) }, (_, i) => 2 ** (i % 8)),
          { shape },
        )
        expect(list(viewGradient(dy, read, [24]))).toEqual(adjoint(read, dy.dataSync(), 24))
      }),
      { numRuns: 200 },
    )
  })
})

describe('empty dims', () => {
  it('give zeros of the source, though the strides around them are 0', () => {
    const x = tensor([], { shape: [5, 0, 3, 5] })
    const turned = x.permute([1, 0, 2, 3])
    const [slope] = gradients(turned.matmul(turned.transpose(-1, -2)).sum(), [x])
    expect(slope.shape).toEqual([5, 0, 3, 5])
    const [second] = gradients(slope.square().sum(), [x])
    expect(second.shape).toEqual([5, 0, 3, 5])
    expect(list(second)).toEqual([])
    const read = { shape: [2, 0], strides: [0, 1], offset: 0, guard: null }
    expect(list(viewGradient(tensor([], { shape: [2, 0] }), read, [3]))).toEqual([0, 0, 0])
  })
})

describe('the gradient of fold', () => {
  it('reads where fold added', () => {
    const read = views['overlapping windows']
    const windows = tensor(
      Float32Array.from({ length: 10 }, (_, i) => i),
      { shape: [5, 2] },
    )
    const weights = tensor([1, 2, 3, 4, 5, 6])
    const total = fold('test', windows, read, [6]).mul(weights).sum()
    expect(list(gradients(total, [windows])[0])).toEqual([1, 2, 2, 3, 3, 4, 4, 5, 5, 6])
    gradcheck(y => fold('test', y.square(), read, [6]).square(), [windows], { order: 2 })
  })
})
