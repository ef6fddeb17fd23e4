import { type DType, type Tensor, tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareValues } from './compare.ts'
import { parseVectorFile, revive, type TensorJson, type VectorCase } from './format.ts'
import { runCase } from './run-case.ts'

/*
 * What holds for any value: written to a file and read again it equals itself, and no change goes unseen.
 */

const tolerance = { rtol: 1e-4, atol: 1e-5 }

const numbers: Record<DType, fc.Arbitrary<number>> = {
  float32: fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  ),
  float16: fc.integer({ min: -2048, max: 2048 }),
  int32: fc.integer(),
  uint8: fc.integer({ min: 0, max: 255 }),
  int8: fc.integer({ min: -128, max: 127 }),
  bool: fc.integer({ min: 0, max: 1 }),
}

/** A tensor as a file writes it. */
const written: fc.Arbitrary<TensorJson> = fc
  .record({
    shape: fc.array(fc.nat(3), { maxLength: 3 }),
    dtype: fc.constantFrom(...(Object.keys(numbers) as DType[])),
  })
  .chain(({ shape, dtype }) => {
    const size = shape.reduce((a, b) => a * b, 1)
    return fc.array(numbers[dtype], { minLength: size, maxLength: size }).map(list => ({
      shape,
      dtype,
      data: list.map(value => (Number.isFinite(value) ? value : String(value))),
    }))
  })

/** Anything that a case may expect. */
const anything = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    written,
    fc.integer({ min: -1000, max: 1000 }),
    fc.string({ maxLength: 5 }).filter(text => !['NaN', 'Infinity', '-Infinity'].includes(text)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), tie('value'), { maxKeys: 3 }),
  ),
})).value

describe('compareValues', () => {
  it('finds that each value equals itself, at any tolerance', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async value => {
        for (const rule of [tolerance, { rtol: 0, atol: 0 }])
          expect(await compareValues(revive(value), value, rule)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  it('finds every element that changes by more than the tolerance', async () => {
    await fc.assert(
      fc.asyncProperty(written, fc.nat(100), async (expected, pick) => {
        fc.pre(expected.data.length > 0)
        const at = pick % expected.data.length
        const { dtype } = expected
        const changed = expected.data.map((value, i) => {
          if (i !== at) return value
          if (dtype === 'bool') return 1 - Number(value)
          return Number.isFinite(Number(value)) ? Number(value) * (dtype === 'int8' ? -1 : 1) + 1 : 5
        })
        const got = revive({ ...expected, data: changed }) as Tensor
        const isSame = got.dataSync()[at] === (revive(expected) as Tensor).dataSync()[at]
        const problems = await compareValues(got, expected, tolerance)
        expect(problems).toHaveLength(isSame ? 0 : 1)
        if (!isSame) expect(problems[0]).toContain(`value[${at}]: expected ${expected.data[at]}`)
      }),
      { numRuns: 200 },
    )
  })

  it('finds a list that is one longer or one shorter', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer(), { minLength: 1, maxLength: 4 }), async list => {
        expect(await compareValues([...list, 0], list, tolerance)).toEqual([
          `value: expected ${list.length} entries, got ${list.length + 1}`,
        ])
        expect(await compareValues(list.slice(1), list, tolerance)).toHaveLength(1)
      }),
      { numRuns: 50 },
    )
  })

  it('finds another shape of as many elements, and another dtype', async () => {
    await fc.assert(
      fc.asyncProperty(written, async expected => {
        const got = revive(expected) as Tensor
        const [longer] = await compareValues(got.reshape([1, ...expected.shape]), expected, tolerance)
        expect(longer).toContain('value: expected shape [')
        const other = expected.dtype === 'float32' ? 'int8' : 'float32'
        const [cast] = await compareValues(got.cast(other), expected, tolerance)
        expect(cast).toBe(`value: expected dtype ${expected.dtype}, got ${other}`)
      }),
      { numRuns: 50 },
    )
  })
})

describe('runCase', () => {
  const ops = ['exp', 'sin', 'square', 'neg', 'sigmoid'] as const
  const float = fc.array(fc.float({ noNaN: true, min: -2, max: 2 }), { minLength: 3, maxLength: 3 })

  it('runs random programs as the ops would run by themselves', async () => {
    await fc.assert(
      fc.asyncProperty(float, fc.array(fc.constantFrom(...ops), { minLength: 1, maxLength: 4 }), async (data, list) => {
        const x = { shape: [3], dtype: 'float32' as const, data }
        const direct = list.reduce((y: Tensor, op) => y[op](), tensor(data))
        const entry: VectorCase = {
          name: 'random',
          inputs: { x },
          program: list.map((op, i) => [`y${i}`, op, i === 0 ? 'x' : `y${i - 1}`]),
          output: `y${list.length - 1}`,
          expect: { value: { shape: [3], dtype: 'float32', data: Array.from(direct.dataSync(), toWritten) } },
          tolerance: 0,
        }
        expect(await runCase(entry, {})).toEqual({ status: 'passed' })
      }),
      { numRuns: 50 },
    )
  })

  it('survives being written to a file', async () => {
    const echo = (value: unknown): unknown => value
    await fc.assert(
      fc.asyncProperty(anything, async value => {
        const entry = { name: 'echo', call: 'echo', inputs: { value }, expect: { value }, tolerance: 0 }
        const { cases } = parseVectorFile(JSON.stringify({ cases: [entry] }), 'x.json')
        expect(await runCase(cases[0], { echo })).toEqual({ status: 'passed' })
      }),
      { numRuns: 100 },
    )
  })
})

function toWritten(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}
