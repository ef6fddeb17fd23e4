import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dtypes } from '../../dtype.ts'
import { dense, expectSame, reads, runLowered, shapes } from './__fixtures__/run-data.ts'
import { lowerPut } from './put.ts'

const step = fc
  .tuple(
    shapes(),
    fc.constantFrom(...dtypes),
    fc.constantFrom('add' as const, 'set' as const),
    fc.nat(),
    fc.integer({ min: 0, max: 12 }),
  )
  .filter(([, dtype, f]) => dtype !== 'float16' || f === 'set')
  .chain(([shape, dtype, f, seed, wanted]) => {
    const dim = seed % shape.length
    const count = shape[dim] === 0 ? 0 : wanted
    return fc.record({
      base: reads(shape, dtype),
      index: reads(
        [count],
        seed % 3 === 0 ? 'uint8' : 'int32',
        fc.integer({ min: 0, max: Math.max(0, shape[dim] - 1) }),
      ),
      source: reads(shape.with(dim, count), dtype),
      step: fc.constant({ primitive: { kind: 'put' as const, f, dim, op: 'put' }, dtype, shape }),
    })
  })

describe('put', () => {
  it('adds and sets slices like the plain loops', () => {
    fc.assert(
      fc.property(step, ({ base, index, source, step: own }) => {
        expectSame(own, [base, index, source])
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('sums rows of many columns in float64', () => {
    const [rows, columns, count] = [7, 5003, 40]
    const values = (n: number) => Array.from({ length: n }, (_, i) => Math.fround(Math.sin(i) * 2 ** (i % 24)))
    const base = dense([rows, columns], 'float32', values(rows * columns))
    const index = dense(
      [count],
      'int32',
      Array.from({ length: count }, (_, k) => (k * k) % rows),
    )
    const source = dense([count, columns], 'float32', values(count * columns))
    const primitive = { kind: 'put', f: 'add', dim: 0, op: 'indexAdd' } as const
    expectSame({ primitive, dtype: 'float32', shape: [rows, columns] }, [base, index, source])
  })

  it('reports an index out of range and leaves its slice out', () => {
    const base = dense([3, 2], 'float32', [0, 0, 0, 0, 0, 0])
    const index = dense([3], 'int32', [2, 3, 2])
    const source = dense([3, 2], 'float32', [1, 2, 30, 40, 5, 6])
    const lowered = lowerPut({ f: 'add', base, index, source, shape: [3, 2], dim: 0 })
    const outcome = lowered && runLowered(lowered, [base, index, source], 'float32', [3, 2])
    expect(outcome).toEqual({ data: [0, 0, 0, 0, 6, 8], status: [1, 3] })
  })

  it('leaves sums of halves to the plain loops', () => {
    const half = dense([2], 'float16', [1, 2])
    const index = dense([2], 'int32', [0, 0])
    expect(lowerPut({ f: 'add', base: half, index, source: half, shape: [2], dim: 0 })).toBeNull()
  })
})
