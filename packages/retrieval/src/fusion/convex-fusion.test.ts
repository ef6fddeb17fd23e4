import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convexFusion, type FusionNorm } from './convex-fusion.ts'

fc.configureGlobal({ seed: 1 })

const scores = fc.dictionary(fc.constantFrom(...'abcdef'), fc.integer({ min: -20, max: 20 }))

describe('convexFusion', () => {
  it('answers the example of its documentation', () => {
    expect(convexFusion({ a: 3, b: 1 }, { b: 0.2, c: 0.1 })).toEqual([
      ['a', 0.5],
      ['b', 0.5],
      ['c', 0],
    ])
  })

  it('maps a list of equal scores, of one too, to 1 under minmax', () => {
    expect(convexFusion({ a: 7 }, {}, { alpha: 1 })).toEqual([['a', 1]])
    expect(convexFusion({ b: 7, a: 7 }, {}, { alpha: 1 })).toEqual([
      ['a', 1],
      ['b', 1],
    ])
  })

  it('takes the lower bound for the minimum under theoretical-minmax', () => {
    const norm = 'theoretical-minmax'
    expect(convexFusion({ a: 4, b: 2 }, {}, { alpha: 1, norm })).toEqual([
      ['a', 1],
      ['b', 0.5],
    ])
    expect(convexFusion({ a: 8 }, { a: 0.5, b: 0 }, { norm, lowerBound: [0, -1] })).toEqual([
      ['a', 1],
      ['b', 0.5 * (1 / 1.5)],
    ])
    expect(convexFusion({ a: 0 }, {}, { alpha: 1, norm })).toEqual([['a', 1]])
  })

  it('standardises with the deviation of the population under zscore', () => {
    expect(convexFusion({ a: 1, b: 3 }, {}, { alpha: 1, norm: 'zscore' })).toEqual([
      ['b', 1],
      ['a', -1],
    ])
    expect(
      convexFusion({ a: 0.1, b: 0.1, c: 0.1 }, {}, { alpha: 1, norm: 'zscore' }).map(([, score]) => score),
    ).toEqual([0, 0, 0])
  })

  it('divides by the length under l2', () => {
    expect(convexFusion({ a: 3, b: 4 }, {}, { alpha: 1, norm: 'l2' })).toEqual([
      ['b', 0.8],
      ['a', 0.6],
    ])
    expect(convexFusion({ a: 0 }, {}, { norm: 'l2' })).toEqual([['a', 0]])
  })

  it('counts a missing document as 0 after the norm', () => {
    const fused = new Map(convexFusion({ a: 1, b: 3 }, { b: 5, c: 9 }, { norm: 'zscore' }))
    expect(fused).toEqual(
      new Map([
        ['a', -0.5],
        ['b', 0],
        ['c', 0.5],
      ]),
    )
  })

  it.each<FusionNorm>(['minmax', 'theoretical-minmax', 'zscore', 'l2'])('%s: alpha 1 and 0 keep one ranking', norm => {
    fc.assert(
      fc.property(scores, scores, (a, b) => {
        const one = new Map(convexFusion(a, b, { alpha: 1, norm }))
        const other = new Map(convexFusion(b, a, { alpha: 0, norm }))
        expect([...one].map(([id, score]) => [id, score + 0]).sort()).toEqual(
          [...other].map(([id, s]) => [id, s + 0]).sort(),
        )
        for (const id of Object.keys(b)) if (!(id in a)) expect(one.get(id)! + 0).toBe(0)
      }),
    )
  })

  it('is ordered by score, then by id', () => {
    fc.assert(
      fc.property(scores, scores, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, alpha) => {
        const fused = convexFusion(a, b, { alpha })
        for (let i = 1; i < fused.length; i++) {
          const [[p, x], [q, y]] = [fused[i - 1], fused[i]]
          expect(x > y || (x === y && p < q)).toBe(true)
        }
        expect(fused.every(([, score]) => score >= 0 && score <= 1)).toBe(true)
      }),
    )
  })

  it('takes maps, so that integer ids stay integers', () => {
    const fused = convexFusion(
      new Map([
        [10, 1],
        [9, 0],
      ]),
      new Map([
        [9, 1],
        [2, 0],
      ]),
    )
    expect(fused).toEqual([
      [9, 0.5],
      [10, 0.5],
      [2, 0],
    ])
  })

  it('takes no scores', () => {
    expect(convexFusion({}, {})).toEqual([])
  })

  it('names what is wrong', () => {
    expect(() => convexFusion({}, {}, { alpha: 1.01 })).toThrow('convexFusion: alpha must be in [0, 1], got 1.01')
    expect(() => convexFusion({}, {}, { alpha: Number.NaN })).toThrow('convexFusion: alpha must be in [0, 1], got NaN')
    expect(() => convexFusion({}, {}, { norm: 'softmax' as 'l2' })).toThrow(
      'convexFusion: norm must be one of minmax, theoretical-minmax, zscore, l2, got softmax',
    )
    expect(() => convexFusion({}, [] as never)).toThrow('convexFusion: b must be an object, got a list')
    expect(() => convexFusion({}, { x: Infinity })).toThrow(
      'convexFusion: b["x"] must be a finite number, got Infinity',
    )
    expect(() => convexFusion({ x: null as unknown as number }, {})).toThrow(
      'convexFusion: a["x"] must be a finite number, got null',
    )
    expect(() => convexFusion({}, {}, { lowerBound: Number.NaN })).toThrow(
      'convexFusion: lowerBound must be a finite number, got NaN',
    )
  })
})
