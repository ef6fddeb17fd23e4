import { describe, expect, it } from 'vitest'
import { distance, randomMatrix } from './__fixtures__/random-matrix.ts'
import { type Matrix, product, transposed } from './dense.ts'
import { substitute, type TriangularOptions } from './substitution.ts'

const n = 5
const kinds: Required<TriangularOptions>[] = [false, true].flatMap(upper =>
  [false, true].flatMap(transpose => [false, true].map(unitriangular => ({ upper, transpose, unitriangular }))),
)

/** The matrix that the options speak of. */
function triangleOf(t: Matrix, { upper, transpose, unitriangular }: Required<TriangularOptions>): Matrix {
  const triangle = t.map((x, i) => {
    const [row, column] = [Math.floor(i / n), i % n]
    if (row === column) return unitriangular ? 1 : x
    return row < column === upper ? x : 0
  })
  return transpose ? transposed(triangle, n, n) : triangle
}

describe('substitute', () => {
  it.each(kinds)('solves for %o', options => {
    const t = randomMatrix(3, n, n).map((x, i) => (i % (n + 1) === 0 ? x + 2 : x))
    const b = randomMatrix(4, n, 3)
    const x = b.slice()
    expect(substitute(t, x, n, 3, options)).toBe(true)
    expect(distance(product(triangleOf(t, options), x, n, n, 3), b)).toBeLessThan(1e-12)
  })

  it('reads the lower triangle by default, and nothing else', () => {
    const x = Float64Array.of(4, 11)
    expect(substitute(Float64Array.of(2, Number.NaN, 3, 5), x, 2, 1, {})).toBe(true)
    expect([...x]).toEqual([2, 1])
  })

  it('meets a zero pivot, but not where ones are meant', () => {
    const t = Float64Array.of(1, 0, 2, 0)
    expect(substitute(t, Float64Array.of(1, 1), 2, 1, {})).toBe(false)
    expect(substitute(t, new Float64Array(0), 2, 0, {})).toBe(false)
    const x = Float64Array.of(1, 1)
    expect(substitute(t, x, 2, 1, { unitriangular: true })).toBe(true)
    expect([...x]).toEqual([1, -1])
  })

  it('of no rows', () => {
    expect(substitute(new Float64Array(0), new Float64Array(0), 0, 2, {})).toBe(true)
  })
})
