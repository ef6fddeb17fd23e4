import { type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { floatData, requireFloat, requireRank } from './tensor-input.ts'

describe('requireRank', () => {
  it('shows the expected dims and the shape that came', () => {
    expect(() => requireRank('f', 'x', tensor([1, 2]), ['n', 'd'])).toThrow(
      'f: x must be a tensor [n, d], got shape [2]',
    )
    expect(() => requireRank('f', 'x', tensor([[1]]), ['n', 'd'])).not.toThrow()
  })

  it.each([null, undefined, 3])('refuses %s', value => {
    expect(() => requireRank('f', 'x', value as unknown as Tensor, ['d'])).toThrow(
      `f: x must be a tensor [d], got ${String(value)}`,
    )
  })
})

describe('floatData', () => {
  it('reads float tensors', async () => {
    expect(await floatData('f', 'x', tensor([1.5, 2]))).toEqual(Float32Array.of(1.5, 2))
    expect(await floatData('f', 'x', tensor([1.5], { dtype: 'float16' }))).toEqual(Float32Array.of(1.5))
  })

  it('refuses integers', async () => {
    const integers = tensor([1], { dtype: 'int32' })
    await expect(floatData('f', 'x', integers)).rejects.toThrow('f: x must be float32, got int32')
    expect(() => requireFloat('f', 'x', integers)).toThrow(expect.objectContaining({ code: 'dtype' }))
  })
})
