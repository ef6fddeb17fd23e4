import fc from 'fast-check'
import { expect } from 'vitest'
import { type Tensor, tensor } from '../../index.ts'
import { numbers } from './test-tools.ts'

/** A plain row-major array, the material of naive implementations. */
export interface Dense {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1)

/** The array whose element at each multi-index is `f(index)`. */
export function build(shape: readonly number[], f: (index: number[]) => number): Dense {
  const data: number[] = []
  const index = new Array<number>(shape.length).fill(0)
  const fill = (dim: number): void => {
    if (dim === shape.length) {
      data.push(f([...index]))
      return
    }
    for (index[dim] = 0; index[dim] < shape[dim]; index[dim]++) fill(dim + 1)
  }
  fill(0)
  return { shape, data }
}

/** The element at a multi-index. */
export function read(x: Dense, index: readonly number[]): number {
  return x.data[index.reduce((at, i, d) => at * x.shape[d] + i, 0)]
}

/** The numbers 1, 2, 3, ... in a shape. */
export const counting = (shape: readonly number[]): Dense => ({
  shape,
  data: Array.from({ length: sizeOf(shape) }, (_, i) => i + 1),
})

export const asTensor = ({ shape, data }: Dense): Tensor => tensor([...data], { shape: [...shape] })

export function expectDense(x: Tensor, expected: Dense): void {
  expect({ shape: [...x.shape], data: numbers(x) }).toEqual({ shape: [...expected.shape], data: [...expected.data] })
}

/** Shapes with dims from 0 to 4. */
export const shapes = (minRank: number, maxRank: number, minDim = 0): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: minDim, max: 4 }), { minLength: minRank, maxLength: maxRank })

/** A shape and one of its dims. */
export const shapeAndDim = (maxRank: number, minDim = 0): fc.Arbitrary<{ shape: number[]; dim: number }> =>
  shapes(1, maxRank, minDim).chain(shape =>
    fc.record({ shape: fc.constant(shape), dim: fc.integer({ min: 0, max: shape.length - 1 }) }),
  )

/** `index` with one entry replaced. */
export const withEntry = (index: readonly number[], dim: number, entry: number): number[] =>
  index.map((i, d) => (d === dim ? entry : i))
