import { gradients, normal, Parameter, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Distance } from '../_shared/distance.ts'
import { distanceMatrix } from './distance-matrix.ts'

const points = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)
const raw = { type: 'lp', normalize: false } as const

function naive(a: number[], b: number[], type: string): number {
  const pairs = a.map((x, i) => [x, b[i]] as const)
  if (type === 'lp') return Math.hypot(...pairs.map(([x, y]) => x - y))
  if (type === 'dot') return pairs.reduce((sum, [x, y]) => sum + x * y, 0)
  const variance = (list: number[]) => {
    const mean = list.reduce((sum, x) => sum + x, 0) / list.length
    return list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (list.length - 1)
  }
  return variance(pairs.map(([x, y]) => x - y)) / variance(a)
}

describe('distanceMatrix', () => {
  it('agrees with loops over pairs of rows', () => {
    const size = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(size, size, fc.constantFrom('lp', 'dot', 'snr'), fc.boolean(), (n, m, type, normalize) => {
        const [a, b] = [points([n, 5], n), points([m, 5], 10 + m)]
        const got = distanceMatrix(a, b, { distance: { type: type as 'lp', normalize } })
        const rowsOf = (x: Tensor) =>
          Array.from({ length: x.shape[0] }, (_, i) => {
            const row = values(x.select(0, i))
            return normalize ? row.map(value => value / Math.hypot(...row)) : row
          })
        const expected = rowsOf(a).flatMap(x => rowsOf(b).map(y => naive(x, y, type)))
        expect(got.shape).toEqual([n, m])
        values(got).forEach((value, i) => {
          expect(value).toBeCloseTo(expected[i], 4)
        })
      }),
      { numRuns: 40, seed: 6 },
    )
  })

  it('measures a set against itself when there is no reference', () => {
    const x = points([3, 2])
    const expected = values(distanceMatrix(x, x))
    expect(values(distanceMatrix(x))).toEqual(expected)
    expect(values(distanceMatrix(x, { distance: 'lp' }))).toEqual(expected)
    expect(values(distanceMatrix(x, null, { distance: 'lp' }))).toEqual(expected)
    expect(values(distanceMatrix(new Parameter(x), new Parameter(x)))).toEqual(expected)
  })

  it('normalises by default, in the norm of the distance', () => {
    const x = tensor([
      [3, 4],
      [30, 40],
    ])
    expect(values(distanceMatrix(x))).toEqual([0, expect.closeTo(0, 6), expect.closeTo(0, 6), 0])
    expect(values(distanceMatrix(x, { distance: raw }))[1]).toBeCloseTo(45, 4)
    const city = distanceMatrix(tensor([[3, 1]]), tensor([[0, 2]]), { distance: { type: 'lp', p: 1 } })
    expect(city.itemSync()).toBeCloseTo(0.75 + 0.75, 6)
    const highest = distanceMatrix(tensor([[3, 1]]), tensor([[0, 2]]), { distance: { ...raw, p: 'inf' } })
    expect(highest.itemSync()).toBe(3)
  })

  it('raises the finished matrix to a power', () => {
    const distance = { ...raw, power: 2 }
    expect(
      values(
        distanceMatrix(
          tensor([[0, 0]]),
          tensor([
            [3, 4],
            [0, 0],
          ]),
          { distance },
        ),
      ),
    ).toEqual([25, 0])
  })

  it("takes a distance of one's own", () => {
    const distance: Distance = { matrix: (a, b) => a.sum({ dim: 1, keepdim: true }).sub(b.sum({ dim: 1 })) }
    expect(
      values(
        distanceMatrix(
          tensor([[1, 2]]),
          tensor([
            [0, 1],
            [5, 5],
          ]),
          { distance },
        ),
      ),
    ).toEqual([2, -7])
    const wrong: Distance = { matrix: a => a }
    expect(() => distanceMatrix(points([2, 3]), { distance: wrong })).toThrow(
      'distanceMatrix: distance.matrix must return shape [2, 2], got [2, 3]',
    )
  })

  it.each<Distance>(['lp', 'cosine', 'dot', 'snr', { type: 'lp', p: 3, normalize: false, power: 2 }])(
    'has the gradient of its values: %o',
    distance => {
      gradcheck((a, b) => distanceMatrix(a, b, { distance }), [points([2, 3]), points([3, 3], 2)])
    },
  )

  it('has gradient 0, not NaN, where rows meet, and survives rows of zeros', () => {
    const x = tensor([
      [1, 2],
      [1, 2],
      [0, 0],
    ])
    for (const distance of ['lp', 'snr', 'cosine'] as const) {
      const [grad] = gradients(distanceMatrix(x, { distance }).sum(), [x])
      expect(values(grad).every(Number.isFinite)).toBe(true)
    }
    const [grad] = gradients(distanceMatrix(x, x.detach(), { distance: raw }).select(0, 0).narrow(0, 0, 2).sum(), [x])
    expect(values(grad)).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('refuses what it cannot use, and says what it got', () => {
    const x = points([2, 3])
    const call = (distance: unknown) => () => distanceMatrix(x, { distance: distance as Distance })
    expect(() => distanceMatrix(points([3]))).toThrow('distanceMatrix: query must have shape [N, D], got [3]')
    expect(() => distanceMatrix(x, points([2, 4]))).toThrow(
      'distanceMatrix: reference must have rows of 3 like query, got [2, 4]',
    )
    expect(() => distanceMatrix(x.cast('int32'))).toThrow('distanceMatrix: query must be float, got int32')
    expect(call('l2')).toThrow("distance must be one of lp|cosine|dot|snr or an object with matrix(a, b), got 'l2'")
    expect(call({ type: 'l2' })).toThrow("got type 'l2'")
    expect(call({ type: 'lp', p: 0 })).toThrow("distance.p must be a positive number or 'inf', got 0")
    expect(call({ type: 'lp', power: Number.NaN })).toThrow('distance.power must be a finite number, got NaN')
    expect(call({ type: 'cosine', normalize: false })).toThrow('distance.normalize must be true for cosine, got false')
    expect(() => distanceMatrix(x, 3 as never)).toThrow('distanceMatrix: options must be an object, got number')
    expect(() => distanceMatrix(x, x, x as never)).toThrow('distanceMatrix: options must be an object, got a tensor')
  })
})
