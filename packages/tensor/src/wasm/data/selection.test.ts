import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DType } from '../../dtype.ts'
import { dense, expectSame } from './__fixtures__/run-data.ts'
import { lowerSelection, selects } from './selection.ts'

const n = 1500
const dtypes = ['float32', 'int32', 'uint8', 'int8', 'bool'] as const

/** What a line may be like, by place. */
const lines: Readonly<Record<string, (i: number) => number>> = {
  rising: i => i,
  falling: i => -i,
  equal: () => 3,
  waves: i => (i * 7919) % 101,
  'first of all keys': i => (i < 5 ? Number.POSITIVE_INFINITY : i % 7),
  'NaN everywhere': () => Number.NaN,
  'NaN in between': i => (i % 300 === 17 ? Number.NaN : i % 50),
  'NaN first': i => (i < 600 ? Number.NaN : i),
  'zeros of both signs': i => (i % 2 ? -0 : 0),
}

const wrap = (dtype: DType, value: number): number => {
  if (dtype === 'float32') return value
  if (dtype === 'bool') return Number(value % 2 === 1)
  const whole = Number.isFinite(value) ? value : 2 ** 31 - 1
  if (dtype === 'int32') return whole | 0
  return dtype === 'int8' ? (whole << 24) >> 24 : whole & 255
}

const select = (shape: readonly number[], dim: number, places: number, descending: boolean) => {
  const result = shape.map((size, d) => (d === dim ? places : size))
  return { primitive: { kind: 'argsort' as const, dim, descending }, dtype: 'int32' as const, shape: result }
}

describe('selection', () => {
  it.each(Object.keys(lines))('takes the first places of a line: %s', name => {
    for (const dtype of dtypes) {
      const x = dense(
        [n],
        dtype,
        Array.from({ length: n }, (_, i) => wrap(dtype, lines[name](i))),
      )
      for (const places of [1, 2, 64, 100])
        for (const descending of [false, true]) expectSame(select([n], 0, places, descending), [x])
    }
  })

  it('agrees with the plain loops on any lines, along any dim', () => {
    const program = fc.record({
      seed: fc.nat(),
      few: fc.integer({ min: 1, max: 3000 }),
      dtype: fc.constantFrom(...dtypes),
      dim: fc.nat(1),
      places: fc.integer({ min: 1, max: 140 }),
      descending: fc.boolean(),
      length: fc.integer({ min: 600, max: 1300 }),
    })
    fc.assert(
      fc.property(program, ({ seed, few, dtype, dim, places, descending, length }) => {
        let state = seed | 1
        const random = () => {
          state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9
          return ((state >>> 8) % few) - (few >> 1)
        }
        const shape = dim === 0 ? [length, 3] : [3, length]
        const values = Array.from({ length: 3 * length }, () => wrap(dtype, random()))
        expectSame(select(shape, dim, places, descending), [dense(shape, dtype, values)])
      }),
      { seed: 5, numRuns: 120 },
    )
  })

  it('is chosen for few places of a long line', () => {
    expect(selects(1, 512)).toBe(false)
    expect(selects(1, 513)).toBe(true)
    expect(selects(4000, 32_000)).toBe(false)
    expect(selects(40, 32_000)).toBe(true)
  })

  it('takes memory for its candidates, not for the line', () => {
    const [phase] = lowerSelection({ x: dense([2 ** 23], 'float32', []), shape: [10], dim: 0, descending: true }).phases
    expect(phase.scratchBytes).toBeLessThan(8192)
  })
})
