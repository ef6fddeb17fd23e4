import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { duplicateMask } from './duplicate-mask.ts'

describe('duplicateMask', () => {
  const ids = tensor([7, 8, 7], { dtype: 'int32' })

  it('marks equal ids', () => {
    const mask = duplicateMask(ids)
    expect([mask.dtype, mask.shape]).toEqual(['bool', [3, 3]])
    expect(Array.from(mask.dataSync())).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1])
  })

  it('takes other candidates', () => {
    const mask = duplicateMask(ids, tensor([8, 9, 7, 7], { dtype: 'int32' }))
    expect(mask.shape).toEqual([3, 4])
    expect(Array.from(mask.dataSync())).toEqual([0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1])
  })

  it('refuses what names nothing', () => {
    expect(() => duplicateMask(tensor([1.5]))).toThrow('duplicateMask: ids must be integers, got float32')
    expect(() => duplicateMask(ids, ids.unsqueeze(0))).toThrow(
      'duplicateMask: candidateIds must have one dim, got shape [1, 3]',
    )
  })
})
