import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { threefry2x32 } from '../threefry.ts'
import { expectClose, expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { splitKey } from './keys.ts'
import { bernoulli, exponential, gumbel, normal, normalFromBits, randint, randomBits, uniform } from './random.ts'

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const keys = fc.tuple(word, word)
const half = 2 ** 31

/** The bits as numbers from 0 to 2^32 - 1. */
const unsigned = (key: readonly [number, number], n: number) => numbers(randomBits(key, [n])).map(bits => bits >>> 0)
const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length

describe('randomBits', () => {
  it('is both words of Threefry at the index, whatever the shape', () => {
    fc.assert(
      fc.property(keys, key => {
        const expected = Array.from({ length: 6 }, (_, i) => {
          const [a, b] = threefry2x32(key, [0, i])
          return (a ^ b) | 0
        })
        expectTensor(randomBits(key, [6]), 'int32', [6], expected)
        expectTensor(randomBits(key, [2, 3]), 'int32', [2, 3], expected)
      }),
    )
  })

  it('takes seeds, scalars and empty shapes', () => {
    expect(numbers(randomBits(9, [3]))).toEqual(numbers(randomBits([0, 9], [3])))
    expect(randomBits(9, []).shape).toEqual([])
    expectTensor(randomBits(9, [0, 2]), 'int32', [0, 2], [])
  })

  it('refuses other keys and shapes', () => {
    expectError(
      () => randomBits([1] as never, [1]),
      'argument',
      'randomBits: key must be a pair of uint32 numbers, got [1]',
    )
    expectError(() => randomBits(1, [-1]), 'shape', 'randomBits: shape must hold non-negative integers, got [-1]')
  })
})

describe('uniform', () => {
  it('is the upper 23 bits', () => {
    expectTensor(
      uniform([0, 0], [5]),
      'float32',
      [5],
      [0.9476670026779175, 0.9785798788070679, 0.33229148387908936, 0.46866846084594727, 0.569888710975647],
    )
    fc.assert(
      fc.property(keys, key => {
        expect(numbers(uniform(key, [8]))).toEqual(unsigned(key, 8).map(bits => (bits >>> 9) * 2 ** -23))
      }),
    )
  })

  it('is scaled in float32 and stays below max', () => {
    const bound = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
    fc.assert(
      fc.property(keys, bound, bound, (key, a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)]
        fc.pre(min < max)
        const scale = Math.fround(max - min)
        const drawn = numbers(uniform(key, [16], { min, max }))
        const unit = numbers(uniform(key, [16]))
        drawn.forEach((x, i) => {
          const rounded = Math.fround(Math.fround(unit[i] * scale) + min)
          expect(x === rounded || rounded >= max).toBe(true)
          expect(x >= min && x < max).toBe(true)
        })
      }),
    )
  })

  it('gives the float32 below max where it would round to max', () => {
    const next = 1 + 2 ** -23
    expect(new Set(numbers(uniform(1, [50], { min: 1, max: next })))).toEqual(new Set([1]))
    expect(new Set(numbers(uniform(1, [50], { min: -(2 ** -149), max: 0 })))).toEqual(new Set([-(2 ** -149)]))
  })

  it('has the moments of its distribution', () => {
    const x = numbers(uniform(3, [20000], { min: -1, max: 3 }))
    expect(mean(x)).toBeCloseTo(1, 1)
    expect(mean(x.map(v => (v - 1) ** 2))).toBeCloseTo(16 / 12, 1)
  })

  it('refuses an empty range and bounds that are no numbers', () => {
    expectError(() => uniform(1, [1], { min: 2, max: 1 }), 'argument', 'uniform: min must not exceed max, got 2 and 1')
    expectError(() => uniform(1, [1], { max: Number.NaN }), 'argument', 'uniform: max must be a finite number, got NaN')
    expectTensor(uniform(1, [2], { min: 3, max: 3 }), 'float32', [2], [3, 3])
  })
})

describe('normal', () => {
  it('is normalFromBits, scaled and shifted in float32', () => {
    const z = numbers(normalFromBits(randomBits([0, 7], [9])))
    expect(numbers(normal([0, 7], [9]))).toEqual(z)
    const [std, shift] = [Math.fround(0.3), Math.fround(0.1)]
    expect(numbers(normal([0, 7], [9], { mean: 0.1, std: 0.3 }))).toEqual(
      z.map(v => Math.fround(Math.fround(v * std) + shift)),
    )
    expectTensor(normal(7, [2], { std: 0, mean: 2 }), 'float32', [2], [2, 2])
  })

  it('is exact to the bit', () => {
    const expected = [1.622642993927002, 2.0252647399902344, -0.4335942268371582, -0.07861757278442383]
    expectTensor(normal([0, 0], [4]), 'float32', [4], expected)
  })

  it('is antisymmetric in its bits and takes int32 alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: -half, max: half - 1 }), bits => {
        const [z, mirrored] = numbers(normalFromBits(tensorOf('int32', [bits, ~bits])))
        expect(z).toBe(-mirrored)
      }),
    )
    expectError(() => normalFromBits(float([1])), 'dtype', 'normalFromBits: bits must be int32, got float32')
  })

  it('has the moments of its distribution', () => {
    const x = numbers(normal(5, [20000]))
    expect(mean(x)).toBeCloseTo(0, 1)
    expect(mean(x.map(v => v * v))).toBeCloseTo(1, 1)
  })
})

describe('bernoulli', () => {
  it('compares uniform numbers with p', () => {
    const u = numbers(uniform([3, 4], [2, 5]))
    expectTensor(
      bernoulli([3, 4], 0.4, [2, 5]),
      'bool',
      [2, 5],
      u.map(x => Number(x < Math.fround(0.4))),
    )
    const p = float([0, 0.2, 0.5, 0.8, 1])
    expect(numbers(bernoulli([3, 4], p, [2, 5]))).toEqual(u.map((x, i) => Number(x < numbers(p)[i % 5])))
  })

  it('has the shape of p by default', () => {
    expectTensor(bernoulli(1, float([0, 1])), 'bool', [2], [0, 1])
    expectTensor(bernoulli(1, float([0, 1]), {}), 'bool', [2], [0, 1])
    expectTensor(bernoulli(1, 1, null), 'bool', [], [1])
  })

  it('refuses other probabilities and shapes', () => {
    expectError(() => bernoulli(1, 1.5, [1]), 'argument', 'bernoulli: p must be from 0 to 1, got 1.5')
    expectError(() => bernoulli(1, Number.NaN, [1]), 'argument', 'bernoulli: p must be from 0 to 1, got NaN')
    expectError(() => bernoulli(1, float([0, 1]), [1]), 'shape', 'bernoulli: cannot expand [2] to [1]')
  })
})

describe('randint', () => {
  /** The definition, in exact integers. */
  function naive(key: readonly [number, number], n: number, low: number, high: number): number[] {
    const [first, second] = splitKey(key)
    const span = BigInt(high - low)
    const root = 65536n % span
    const multiplier = ((root * root) % 2n ** 32n) % span
    const b = unsigned(second, n)
    return unsigned(first, n).map((a, i) => {
      const product = ((BigInt(a) % span) * multiplier) % 2n ** 32n
      return low + Number(((product + (BigInt(b[i]) % span)) % 2n ** 32n) % span)
    })
  }

  it('is its definition in unsigned arithmetic', () => {
    const int32 = fc.oneof(fc.integer({ min: -half, max: half - 1 }), fc.integer({ min: -5, max: 5 }))
    fc.assert(
      fc.property(keys, int32, int32, (key, a, b) => {
        fc.pre(a !== b)
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        expect(numbers(randint(key, [9], low, high))).toEqual(naive(key, 9, low, high))
      }),
      { numRuns: 200 },
    )
  })

  it('covers its range', () => {
    expect(new Set(numbers(randint(2, [200], -1, 3)))).toEqual(new Set([-1, 0, 1, 2]))
    expectTensor(randint(2, [2], 5, 6), 'int32', [2], [5, 5])
    const wide = numbers(randint(2, [99], -half, half - 1))
    expect(wide.some(x => x < -(2 ** 30)) && wide.some(x => x > 2 ** 30)).toBe(true)
  })

  it('refuses an empty range and numbers that are not int32', () => {
    expectError(() => randint(1, [1], 3, 3), 'argument', 'randint: low must be less than high, got 3 and 3')
    expectError(() => randint(1, [1], 0, half), 'argument', 'randint: high must be an int32 number, got 2147483648')
    expectError(() => randint(1, [1], 0.5, 3), 'argument', 'randint: low must be an int32 number, got 0.5')
  })
})

describe('gumbel and exponential', () => {
  it('are functions of uniform numbers', () => {
    const u = numbers(uniform(8, [50]))
    expectClose(
      gumbel(8, [50]),
      u.map(x => -Math.log(-Math.log(x))),
      1e-5,
      1e-6,
    )
    expectClose(
      exponential(8, [50]),
      u.map(x => -Math.log1p(-x)),
      1e-6,
    )
  })

  it('have the means of their distributions', () => {
    expect(mean(numbers(gumbel(8, [20000])))).toBeCloseTo(0.5772, 1)
    expect(mean(numbers(exponential(8, [20000])))).toBeCloseTo(1, 1)
  })
})
