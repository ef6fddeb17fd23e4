import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DType } from '../../dtype.ts'
import type { ScanName } from '../../graph/node.ts'
import { dense, expectSame, reads, shapes, valuesOf } from './__fixtures__/run-data.ts'
import { lowerArgsort } from './argsort.ts'
import { lowerScan } from './scan.ts'

const plain = fc.constantFrom<DType>('float32', 'int32', 'uint8', 'int8', 'bool')

/** Values of which many are equal, both zeros and NaN among them. */
const few = (dtype: DType): fc.Arbitrary<number> =>
  dtype === 'float32'
    ? fc.constantFrom(0, -0, 1, -1, Number.NaN, 2.5, -1e30, Number.POSITIVE_INFINITY)
    : valuesOf(dtype)

describe('argsort', () => {
  it('orders like the plain loops: stable, NaN greatest, zeros equal', () => {
    const step = fc
      .tuple(shapes(), plain, fc.nat(), fc.boolean(), fc.boolean())
      .chain(([shape, dtype, at, descending, ties]) =>
        fc.record({
          x: reads(shape, dtype, ties ? few(dtype) : valuesOf(dtype)),
          primitive: fc.constant({ kind: 'argsort' as const, dim: at % shape.length, descending }),
          shape: fc.constant(shape),
        }),
      )
    fc.assert(
      fc.property(step, ({ x, primitive, shape }) => {
        expectSame({ primitive, dtype: 'int32', shape }, [x])
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it.each(['float32', 'int32', 'uint8'] as const)('orders long lines of %s', dtype => {
    const sample = fc.sample(valuesOf(dtype), { seed: 7, numRuns: 3000 })
    for (const descending of [false, true])
      expectSame({ primitive: { kind: 'argsort', dim: 0, descending }, dtype: 'int32', shape: [3000] }, [
        dense([3000], dtype, sample),
      ])
  })

  it('leaves halves and lines beyond memory to the plain loops', () => {
    expect(lowerArgsort({ x: dense([2], 'float16', [1, 2]), shape: [2], dim: 0, descending: false })).toBeNull()
    const shape = [2 ** 22 + 1]
    expect(lowerArgsort({ x: dense(shape, 'int32', []), shape, dim: 0, descending: false })).toBeNull()
  })
})

describe('scan', () => {
  const names: readonly ScanName[] = ['sum', 'prod', 'argmax', 'argmin']
  it('runs like the plain loops, in every direction', () => {
    const step = fc
      .tuple(shapes(), plain, fc.constantFrom(...names), fc.nat(), fc.boolean(), fc.boolean())
      .chain(([shape, dtype, f, at, exclusive, reverse]) => {
        const positions = f === 'argmax' || f === 'argmin'
        return fc.record({
          x: reads(shape, dtype, at % 2 ? few(dtype) : valuesOf(dtype)),
          primitive: fc.constant({
            kind: 'scan' as const,
            f,
            dim: at % shape.length,
            exclusive: exclusive && !positions,
            reverse,
          }),
          dtype: fc.constant(positions ? ('int32' as const) : dtype),
          shape: fc.constant(shape),
        })
      })
    fc.assert(
      fc.property(step, ({ x, primitive, dtype, shape }) => {
        expectSame({ primitive, dtype, shape }, [x])
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('runs down many columns at a time, to the bit', () => {
    const shape = [2, 30, 41]
    const values = Array.from({ length: 2460 }, (_, i) => Math.fround(Math.sin(i) * 2 ** (i % 9)))
    for (const f of ['sum', 'prod'] as const)
      for (const [exclusive, reverse] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ]) {
        const primitive = { kind: 'scan', f, dim: 1, exclusive, reverse } as const
        expectSame({ primitive, dtype: 'float32', shape }, [dense(shape, 'float32', values)])
      }
  })

  it('leaves logarithms and halves to the plain loops', () => {
    const spec = { shape: [2], dim: 0, exclusive: false, reverse: false }
    expect(lowerScan({ ...spec, f: 'logsumexp', x: dense([2], 'float32', [1, 2]) })).toBeNull()
    expect(lowerScan({ ...spec, f: 'sum', x: dense([2], 'float16', [1, 2]) })).toBeNull()
  })
})
