import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeInputs } from './inputs.ts'

describe('makeInputs', () => {
  it('gives the same numbers in every process', () => {
    const { x, i } = makeInputs({ x: { shape: [3] }, i: { shape: [2, 2], dtype: 'int32', max: 100 } })
    expect([...x.data]).toEqual([-0.039728134870529175, -0.7814830541610718, 0.6463231444358826])
    expect([...i.data]).toEqual([85, 14, 84, 58])
    expect(i).toMatchObject({ shape: [2, 2], dtype: 'int32' })
  })

  it('depends on the name and the seed and on nothing else', () => {
    const spec = { shape: [50] }
    const { x, y } = makeInputs({ x: spec, y: spec })
    expect(x.data).not.toEqual(y.data)
    expect(makeInputs({ y: spec }).y.data).toEqual(y.data)
    expect(makeInputs({ y: spec }, 1).y.data).not.toEqual(y.data)
  })

  it('stays in the range', () => {
    const spec = fc.record({ min: fc.integer({ min: -100, max: 99 }), width: fc.integer({ min: 1, max: 28 }) })
    fc.assert(
      fc.property(spec, fc.constantFrom('float32', 'int32', 'int8'), ({ min, width }, dtype) => {
        const max = min + width
        const { data } = makeInputs({ x: { shape: [4, 5], dtype, min, max } }).x
        expect(data.length).toBe(20)
        for (const value of data) {
          expect(value).toBeGreaterThanOrEqual(min)
          expect(value).toBeLessThanOrEqual(dtype === 'float32' ? max : max - 1)
          if (dtype !== 'float32') expect(Number.isInteger(value)).toBe(true)
        }
      }),
    )
  })

  it('spreads floats evenly', () => {
    const data = [...makeInputs({ x: { shape: [10_000] } }).x.data]
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length
    const square = data.reduce((sum, value) => sum + value * value, 0) / data.length
    expect(mean).toBeCloseTo(0, 1)
    expect(square).toBeCloseTo(1 / 3, 1)
  })

  it('fills scalars and empty shapes', () => {
    const { s, e } = makeInputs({ s: { shape: [] }, e: { shape: [0, 3] } })
    expect([s.data.length, e.data.length]).toEqual([1, 0])
  })

  it('asks integers for a range', () => {
    const make = () => makeInputs({ i: { shape: [1], dtype: 'int32' } })
    expect(make).toThrow('makeInputs: i must have max above min, got 0 and NaN')
    expect(() => makeInputs({ x: { shape: [1], min: 2, max: 2 } })).toThrow(
      'makeInputs: x must have max above min, got 2 and 2',
    )
  })
})
