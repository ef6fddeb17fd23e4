import { afterEach, describe, expect, it } from 'vitest'
import { setExecutor, tensor } from '../index.ts'
import type { Tensor } from '../tensor.ts'
import { findDifference } from './__fixtures__/compare.ts'
import { gridOf } from './__fixtures__/margins.ts'
import { usePerturbed } from './__fixtures__/perturbed.ts'
import type { Observed } from './__fixtures__/program.ts'

const observed = (data: Observed['data'], dtype: Observed['dtype'] = 'float32'): Observed[] => [
  { round: 0, value: 0, dtype, shape: [data.length], data },
]
const floats = (...values: number[]) => observed(Float32Array.from(values))
const ints = (...values: number[]) => observed(Int32Array.from(values), 'int32')

afterEach(() => setExecutor('wasm'))

describe('findDifference', () => {
  it('takes two units in the last place of a float, NaN for NaN and 0 for -0', () => {
    expect(findDifference(floats(1, Number.NaN, 0), floats(1 + 2 ** -22, Number.NaN, -0))).toBeNull()
    expect(findDifference(floats(1), floats(1 + 2 ** -21))).toMatchObject({ element: 0, expected: 1 })
  })

  it.each([
    [Number.NaN, 0],
    [0, Number.NaN],
    [Number.POSITIVE_INFINITY, 1],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [1, Number.POSITIVE_INFINITY],
  ])('tells %d from %d', (expected, got) => {
    expect(findDifference(floats(2, expected), floats(2, got))).toMatchObject({ element: 1 })
  })

  it('compares integers and bools exactly', () => {
    expect(findDifference(ints(1, 2), ints(1, 2))).toBeNull()
    expect(findDifference(ints(1, 2), ints(1, 3))).toMatchObject({ element: 1, expected: 2, got: 3, tolerance: 0 })
  })

  it('tells shapes and dtypes apart', () => {
    expect(findDifference(ints(1), floats(1))).toMatchObject({ element: -1 })
    expect(findDifference(floats(1), floats(1, 1))).toMatchObject({ element: -1 })
  })

  it('allows four times what an element has moved in perturbed runs, and no more', () => {
    const runs = [floats(1.25, 5), floats(0.75, 5)]
    expect(findDifference(floats(1, 5), floats(2, 5), runs)).toBeNull()
    expect(findDifference(floats(1, 5), floats(2.01, 5), runs)).toMatchObject({ element: 0 })
    expect(findDifference(floats(1, 5), floats(1, 5.01), runs)).toMatchObject({ element: 1 })
  })

  it('leaves alone what became NaN, and integers that moved', () => {
    expect(findDifference(floats(1), floats(9), [floats(Number.NaN)])).toBeNull()
    expect(findDifference(ints(1), ints(7), [ints(2)])).toBeNull()
    expect(findDifference(ints(1), ints(7), [ints(1)])).toMatchObject({ element: 0 })
  })
})

/** The values of a graph in several perturbed runs. */
function perturbed(make: () => Tensor, runs = 8): Set<number>[] {
  const seen: Set<number>[] = []
  for (let seed = 0; seed < runs; seed++) {
    usePerturbed(seed)
    setExecutor('perturbed')
    make()
      .dataSync()
      .forEach((x, i) => {
        seen[i] ??= new Set()
        seen[i].add(x)
      })
  }
  return seen
}

describe('perturbed runs', () => {
  it('leave exact results alone', () => {
    const x = () => tensor([0.125, 2, -3.5, 4])
    const exact = [
      () => x().sum(),
      () => x().matmul(tensor([1, 2, 3, 4])),
      () => x().div(3),
      () => x().mul(0.1).add(x()).sqrt(),
      () => x().cumsum(),
      () => x().prod(),
      () => x().cast('int32'),
    ]
    for (const make of exact) for (const values of perturbed(make)) expect(values.size).toBe(1)
  })

  it('move inexact results by few units in the last place', () => {
    const inexact = [
      () => tensor([0.5, 2]).exp(),
      () => tensor([0.5, 2]).pow(1.3),
      () => tensor([[0.1, 0.7, 0.3]]).sum({ dim: 1 }),
      () => tensor([[0.1, 0.7, 0.3]]).matmul(tensor([[0.3], [0.1], [1 / 3]])),
      () => tensor([0.1, 0.2, 0.3]).cumprod(),
    ]
    for (const make of inexact) {
      const moved = perturbed(make)
      expect(moved.some(values => values.size > 1)).toBe(true)
      for (const values of moved)
        expect(Math.max(...values) - Math.min(...values)).toBeLessThan(2 ** -18 * Math.max(...values))
    }
  })

  it('move a sum in proportion to its terms, not to what is left of them', () => {
    const [values] = perturbed(() => tensor([1000.1, -1000.2, 0.1]).sum())
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(1e-5)
  })

  it('show that a decision hangs on the last digits', () => {
    const decided = perturbed(
      () =>
        tensor([1 / 3])
          .exp()
          .mul(3)
          .exp()
          .floor(),
      40,
    )
    expect(decided[0].size).toBe(1)
    const open = perturbed(() => tensor([Math.LN2]).exp().floor(), 40)
    expect(open[0]).toEqual(new Set([1, 2]))
  })

  it('choose among the neighbours of a half', () => {
    const halves = perturbed(() => tensor([1.0004884]).log().exp().cast('float16'), 40)
    for (const x of halves[0]) expect([1, 1.0009765625]).toContain(x)
    expect(halves[0].size).toBe(2)
  })
})

describe('gridOf', () => {
  it('is the largest power of two that all elements are multiples of', () => {
    expect(gridOf(Float32Array.of(0.375, -2, 0))).toBe(0.125)
    expect(gridOf(Float32Array.of(12, 20))).toBe(4)
    expect(gridOf(Float32Array.of(0, Number.NaN, Number.POSITIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY)
  })
})
