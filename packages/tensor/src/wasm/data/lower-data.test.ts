import { describe, expect, it } from 'vitest'
import { dense } from './__fixtures__/run-data.ts'
import { indexedDim, lowerData } from './lower-data.ts'

const x = dense([2, 3], 'float32', [1, 2, 3, 4, 5, 6])
const index = dense([4], 'int32', [0, 1, 1, 0])

describe('lowerData', () => {
  it('has no kernel for what computes', () => {
    expect(
      lowerData({ primitive: { kind: 'unary', f: 'exp' }, dtype: 'float32', shape: [2, 3], reads: [x] }),
    ).toBeNull()
  })

  it('does nothing for what is empty', () => {
    const primitive = { kind: 'take', dim: 0, op: 'indexSelect' } as const
    const reads = [x, dense([0], 'int32', [])]
    expect(lowerData({ primitive, dtype: 'float32', shape: [0, 3], reads })).toEqual({ phases: [], workspaceBytes: 0 })
  })

  it('has equal keys for kernels of equal structure, whatever the sizes', () => {
    const keys = (size: number) => {
      const primitive = { kind: 'take', dim: 0, op: 'indexSelect' } as const
      const reads = [dense([size, 7 * size], 'float32', []), dense([size], 'int32', [])]
      return lowerData({ primitive, dtype: 'float32', shape: [size, 7 * size], reads })?.phases.map(phase => phase.key)
    }
    expect(keys(5)).toEqual(keys(40))
  })
})

describe('indexedDim', () => {
  it('names the dim that an index must be in', () => {
    const take = { kind: 'take', dim: 1, op: 'indexSelect' } as const
    const step = { dtype: 'float32', reads: [x, index] } as const
    expect(indexedDim({ ...step, primitive: take, shape: [2, 4] })).toEqual({ dim: 1, size: 3, op: 'indexSelect' })
    const put = { kind: 'put', f: 'add', dim: 0, op: 'indexAdd' } as const
    expect(indexedDim({ ...step, primitive: put, shape: [2, 3] })).toEqual({ dim: 0, size: 2, op: 'indexAdd' })
    expect(indexedDim({ ...step, primitive: { kind: 'cat', dim: 0 }, shape: [4, 3] })).toBeNull()
  })
})
