import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dtypes } from '../../dtype.ts'
import type { ScatterName } from '../../graph/node.ts'
import { dense, expectSame, reads, runLowered, shapes } from './__fixtures__/run-data.ts'
import { lowerScatter } from './scatter.ts'

const names: readonly ScatterName[] = ['set', 'add', 'mul', 'max', 'min']
const step = fc
  .tuple(
    shapes().filter(shape => !shape.includes(0)),
    fc.constantFrom(...dtypes),
    fc.constantFrom(...names),
    fc.nat(),
    fc.integer({ min: 0, max: 9 }),
  )
  .filter(([, dtype, f]) => dtype !== 'float16' || f === 'set')
  .chain(([shape, dtype, f, seed, count]) => {
    const dim = seed % shape.length
    const moved = shape.map((size, d) => (d === dim ? count : size - ((seed >> d) % 2)))
    return fc.record({
      base: reads(shape, dtype),
      index: reads(moved, seed % 3 === 0 ? 'uint8' : 'int32', fc.integer({ min: 0, max: shape[dim] - 1 })),
      source: reads(moved, dtype),
      step: fc.constant({ primitive: { kind: 'scatter' as const, f, dim, op: 'scatter' }, dtype, shape }),
    })
  })

describe('scatter', () => {
  it('writes like the plain loops, whatever collides', () => {
    fc.assert(
      fc.property(step, ({ base, index, source, step: own }) => {
        expectSame(own, [base, index, source])
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('sums what meets in one place in float64', () => {
    const base = dense([2], 'float32', [2 ** 24, 0])
    const index = dense([6], 'int32', [0, 0, 0, 0, 1, 0])
    const source = dense([6], 'float32', [1, 1, 1, 1, 5, -(2 ** 24)])
    const lowered = lowerScatter({ f: 'add', base, index, source, shape: [2], dim: 0 })
    expect(lowered && runLowered(lowered, [base, index, source], 'float32', [2]).data).toEqual([4, 5])
  })

  it('reports an index out of range and goes on', () => {
    const base = dense([2, 2], 'int32', [0, 0, 0, 0])
    const index = dense([2, 2], 'int32', [0, 5, 1, -7])
    const source = dense([2, 2], 'int32', [1, 2, 3, 4])
    const lowered = lowerScatter({ f: 'add', base, index, source, shape: [2, 2], dim: 0 })
    const outcome = lowered && runLowered(lowered, [base, index, source], 'int32', [2, 2])
    expect(outcome?.data).toEqual([1, 0, 3, 0])
    expect(outcome?.status[0]).toBe(1)
    expect([5, -7]).toContain(outcome?.status[1])
  })

  it('leaves to the plain loops sums of halves and lines beyond memory', () => {
    const half = dense([2], 'float16', [1, 2])
    const index = dense([2], 'int32', [0, 0])
    expect(lowerScatter({ f: 'add', base: half, index, source: half, shape: [2], dim: 0 })).toBeNull()
    const shape = [2 ** 20 + 1]
    const base = dense(shape, 'float32', [])
    expect(lowerScatter({ f: 'mul', base, index, source: base, shape, dim: 0 })).toBeNull()
    expect(lowerScatter({ f: 'set', base, index, source: base, shape, dim: 0 })).not.toBeNull()
  })
})
