import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients, SurprisalError } from '../index.ts'
import { expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { bincount, maskedSelect, nonzero, unique } from './dynamic.ts'

const { NaN: nan, POSITIVE_INFINITY: inf } = Number
const matrix = float([1, 0, 3, 0, 5, 6], [2, 3])
const bool = (data: number[], shape = [data.length]) => tensorOf('bool', data, shape)

const rejects = (promise: Promise<unknown>, code: SurprisalError['code'], message: string) =>
  expect(promise).rejects.toThrow(new SurprisalError(code, message))

describe('nonzero', () => {
  it('gives coordinates in row-major order', async () => {
    expectTensor(await nonzero(matrix), 'int32', [4, 2], [0, 0, 0, 2, 1, 1, 1, 2])
    expectTensor(await nonzero(bool([0, 1])), 'int32', [1, 1], [1])
    expectTensor(await nonzero(float([nan, -0])), 'int32', [1, 1], [0])
  })

  it('may be empty', async () => {
    expectTensor(await nonzero(float([0])), 'int32', [0, 1], [])
    expectTensor(await nonzero(float([], [0, 3])), 'int32', [0, 2], [])
    expectTensor(await nonzero(float([7], [])), 'int32', [1, 0], [])
  })
})

describe('maskedSelect', () => {
  it('takes where the mask holds', async () => {
    expectTensor(await maskedSelect(matrix, bool([1, 0, 1, 0, 0, 1], [2, 3])), 'float32', [3], [1, 3, 6])
    expectTensor(await maskedSelect(tensorOf('uint8', [7]), bool([1])), 'uint8', [1], [7])
    expectTensor(await maskedSelect(float([1]), bool([0])), 'float32', [0], [])
  })

  it('broadcasts both', async () => {
    expectTensor(await maskedSelect(matrix, bool([0, 1, 0])), 'float32', [2], [0, 5])
    expectTensor(await maskedSelect(float([1, 2]), bool([1, 0], [2, 1])), 'float32', [2], [1, 2])
    await rejects(
      maskedSelect(float([1, 2]), bool([1, 0, 1])),
      'shape',
      'maskedSelect: shapes [2] and [3] cannot be broadcast',
    )
  })

  it('has a gradient', async () => {
    const x = float([1, 2, 3])
    const picked = await maskedSelect(x, bool([1, 0, 1]))
    expectTensor(gradients(picked.square().sum(), [x])[0], 'float32', [3], [2, 0, 6])
  })
})

describe('unique', () => {
  it('sorts ascending, NaNs last and all different', async () => {
    expectTensor(await unique(float([3, 1, nan, 1, inf, nan])), 'float32', [5], [1, 3, inf, nan, nan])
    expectTensor(await unique(matrix, {}), 'float32', [5], [0, 1, 3, 5, 6])
    expectTensor(await unique(float([0, -0])), 'float32', [1], [0])
    expectTensor(await unique(float([])), 'float32', [0], [])
    expectTensor(await unique(bool([1, 0, 1])), 'bool', [2], [0, 1])
  })

  it('gives inverse and counts when asked', async () => {
    const { values, inverse, counts } = await unique(tensorOf('int32', [5, 2, 5, 5], [2, 2]), {
      returnInverse: true,
      returnCounts: true,
    })
    expectTensor(values, 'int32', [2], [2, 5])
    expectTensor(inverse as never, 'int32', [2, 2], [1, 0, 1, 1])
    expectTensor(counts as never, 'int32', [2], [1, 3])
    expect(await unique(float([1]), { returnCounts: true })).not.toHaveProperty('inverse')
  })

  it('puts every element back by its inverse', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -4, max: 4 })), async list => {
        const result = await unique(float(list), { returnInverse: true, returnCounts: true })
        const values = numbers(result.values)
        expect(values).toEqual([...new Set(list)].sort((a, b) => a - b))
        expect(numbers(result.inverse as never).map(i => values[i])).toEqual(list)
        expect(numbers(result.counts as never)).toEqual(values.map(v => list.filter(x => x === v).length))
      }),
      { numRuns: 30 },
    )
  })
})

describe('bincount', () => {
  const counted = tensorOf('int32', [1, 3, 1])

  it('counts', async () => {
    expectTensor(await bincount(counted), 'int32', [4], [0, 2, 0, 1])
    expectTensor(await bincount(counted, { minLength: 6 }), 'int32', [6], [0, 2, 0, 1, 0, 0])
    expectTensor(await bincount(counted, { minLength: 2 }), 'int32', [4], [0, 2, 0, 1])
    expectTensor(await bincount(tensorOf('int32', [])), 'int32', [0], [])
    expectTensor(await bincount(tensorOf('uint8', [0, 0], [1, 2])), 'int32', [1], [2])
  })

  it('sums weights as float32', async () => {
    expectTensor(await bincount(counted, { weights: float([0.5, 1, 2]) }), 'float32', [4], [0, 2.5, 0, 1])
    expectTensor(await bincount(counted, { weights: tensorOf('int32', [1, 2, 3]) }), 'float32', [4], [0, 4, 0, 2])
  })

  it('has a gradient towards the weights', async () => {
    const weights = float([1, 2, 3])
    const total = (await bincount(counted, { weights })).mul(float([1, 10, 100, 1000])).sum()
    expectTensor(gradients(total, [weights])[0], 'float32', [3], [10, 1000, 10])
  })

  it('refuses negatives, floats and weights of another shape', async () => {
    await rejects(bincount(tensorOf('int32', [0, -1])), 'index', 'bincount: x must not be negative, got -1')
    await rejects(bincount(float([1])), 'dtype', 'bincount: x must be int32, got float32')
    await rejects(bincount(counted, { weights: float([1]) }), 'shape', 'bincount: weights must have shape [3], got [1]')
    await rejects(
      bincount(counted, { minLength: -1 }),
      'argument',
      'bincount: minLength must be an integer of at least 0, got -1',
    )
  })
})
