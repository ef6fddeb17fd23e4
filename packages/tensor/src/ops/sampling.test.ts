import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectClose, expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { splitKey } from './keys.ts'
import { gumbel, randomBits, uniform } from './random.ts'
import { categorical, permutation, truncatedNormal } from './sampling.ts'

const { NEGATIVE_INFINITY: never, POSITIVE_INFINITY: inf } = Number

describe('categorical', () => {
  const logits = float([0, 1, 2, 5, 0, 0, -1, -1, -1, 0, -1e9, 0.5], [4, 3])

  it('is the argmax of logits plus Gumbel noise', () => {
    expectTensor(categorical([0, 11], logits), 'int32', [4], [2, 0, 1, 0])
    const noise = numbers(gumbel(5, [4, 3]))
    const rows = numbers(logits).map((x, i) => Math.fround(x + noise[i]))
    const expected = [0, 1, 2, 3].map(r => {
      const row = rows.slice(3 * r, 3 * r + 3)
      return row.indexOf(Math.max(...row))
    })
    expect(numbers(categorical(5, logits))).toEqual(expected)
  })

  it('takes the classes of any dim', () => {
    const noise = numbers(gumbel(5, [4, 3]))
    const sums = numbers(logits).map((x, i) => Math.fround(x + noise[i]))
    const expected = [0, 1, 2].map(c => {
      const column = [0, 1, 2, 3].map(r => sums[3 * r + c])
      return column.indexOf(Math.max(...column))
    })
    expect(numbers(categorical(5, logits, { dim: 0 }))).toEqual(expected)
  })

  it('draws more often with new dims in front', () => {
    const draws = numbers(categorical(1, float([Math.log(0.2), Math.log(0.8)]), { shape: [5000] }))
    expect(draws.reduce((a, b) => a + b, 0) / 5000).toBeCloseTo(0.8, 1)
    expect(categorical(1, logits, { shape: [2, 4] }).shape).toEqual([2, 4])
    expect(categorical(1, logits, { dim: 0, shape: [2, 3] }).shape).toEqual([2, 3])
    expect(categorical(1, float([0, 1], [1, 2]), { shape: [6] }).shape).toEqual([6])
  })

  it('never draws -Infinity, and takes integers', () => {
    expectTensor(categorical(1, float([never, 0, never]), { shape: [3] }), 'int32', [3], [1, 1, 1])
    expect(categorical(1, tensorOf('int32', [0, 1])).shape).toEqual([])
  })

  it('refuses no classes and shapes that do not fit', () => {
    expectError(() => categorical(1, float([], [2, 0])), 'shape', 'categorical: cannot reduce an empty dim')
    expectError(
      () => categorical(1, logits, { shape: [3] }),
      'shape',
      'categorical: shapes [4] and [3] cannot be broadcast',
    )
    expectError(() => categorical(1, logits, { shape: [1] }), 'shape', 'categorical: cannot expand [4] to [1]')
    expectError(() => categorical(1, logits, { dim: 2 }), 'argument', 'categorical: dim 2 is out of range for rank 2')
  })
})

describe('permutation', () => {
  /** One round of sorting by unsigned random bits, as for 2 to 1625 elements. */
  const naive = (seed: number, n: number): number[] => {
    const [, sub] = splitKey(seed)
    const bits = numbers(randomBits(sub, [n])).map(x => x >>> 0)
    return [...bits.keys()].sort((i, j) => bits[i] - bits[j] || i - j)
  }

  it('sorts by random bits', () => {
    expectTensor(permutation([0, 0], 10), 'int32', [10], [0, 1, 8, 5, 6, 4, 3, 2, 7, 9])
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 40 }), (seed, n) => {
        expect(numbers(permutation(seed, n))).toEqual(naive(seed, n))
      }),
    )
  })

  it('holds every number once, also after several rounds', () => {
    for (const n of [0, 1, 2000, 3000])
      expect(numbers(permutation(4, n)).sort((a, b) => a - b)).toEqual([...Array(n).keys()])
  })

  it('shuffles the slices of a tensor', () => {
    const order = naive(6, 4)
    const x = float([0, 1, 2, 3, 4, 5, 6, 7], [4, 2])
    expectTensor(
      permutation(6, x),
      'float32',
      [4, 2],
      order.flatMap(i => [2 * i, 2 * i + 1]),
    )
  })

  it('refuses scalars and sizes that are none', () => {
    expectError(() => permutation(1, -1), 'argument', 'permutation: n must be an integer of at least 0, got -1')
    expectError(
      () => permutation(1, float([1], [])),
      'shape',
      'permutation: a tensor must have at least 1 dim, got shape []',
    )
  })
})

/** The distribution function of the standard normal, by summing its density. */
function normalCdf(x: number): number {
  const steps = 20000
  let sum = 0
  for (let i = 0; i < steps; i++) {
    const t = -8 + ((x + 8) * (i + 0.5)) / steps
    sum += Math.exp((-t * t) / 2)
  }
  return (sum * (x + 8)) / steps / Math.sqrt(2 * Math.PI)
}

describe('truncatedNormal', () => {
  it('stays between its bounds', () => {
    const x = numbers(truncatedNormal(2, [3000], { low: -0.5, high: 1.5 }))
    expect(Math.min(...x)).toBeGreaterThanOrEqual(-0.5)
    expect(Math.max(...x)).toBeLessThanOrEqual(1.5)
    const byDefault = numbers(truncatedNormal(2, [3000]))
    expect(Math.max(...byDefault.map(Math.abs))).toBeLessThanOrEqual(2)
  })

  it('inverts the distribution function', () => {
    const [low, high] = [-1, 2.5]
    const x = numbers(truncatedNormal(9, [20], { low, high }))
    const u = numbers(uniform(9, [20]))
    const [from, to] = [normalCdf(low), normalCdf(high)]
    x.forEach((z, i) => {
      expect((normalCdf(z) - from) / (to - from)).toBeCloseTo(u[i], 5)
    })
  })

  it('may be open on a side', () => {
    const x = numbers(truncatedNormal(3, [500], { low: 1, high: inf }))
    expect(Math.min(...x)).toBeGreaterThanOrEqual(1)
    expect(Math.max(...x)).toBeGreaterThan(2)
    const unbounded = truncatedNormal(3, [200], { low: never, high: inf })
    expect(numbers(unbounded).every(Number.isFinite)).toBe(true)
  })

  it('is the same twice, and may be empty', () => {
    expectClose(truncatedNormal([0, 3], [4]), numbers(truncatedNormal(3, [4])))
    expectTensor(truncatedNormal(3, [0]), 'float32', [0], [])
  })

  it('refuses an empty range', () => {
    expectError(
      () => truncatedNormal(1, [1], { low: 1, high: 1 }),
      'argument',
      'truncatedNormal: low must be less than high, got 1 and 1',
    )
    expectError(
      () => truncatedNormal(1, [-1]),
      'shape',
      'truncatedNormal: shape must hold non-negative integers, got [-1]',
    )
  })
})
