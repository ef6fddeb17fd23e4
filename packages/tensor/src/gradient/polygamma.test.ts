import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { tensor } from '../index.ts'
import { unary } from '../primitive.ts'
import { polygammaOf } from './polygamma.ts'

describe('polygammaOf', () => {
  it('begins with digamma', () => {
    const x = tensor([-0.5, 0.25, 3])
    expect([...polygammaOf('test', 0, x).dataSync()]).toEqual([...unary('test', 'digamma', x).dataSync()])
    expect(polygammaOf('test', 1, tensor([1])).dataSync()[0]).toBeCloseTo(Math.PI ** 2 / 6, 6)
  })

  it.each([0, 1, 2, 5])('of order %d has the next one as its derivative', n => {
    gradcheck(x => polygammaOf('test', n, x), [tensor([-1.6, 0.7, 2.5])], { order: 2 })
  })

  it('computes float16 in float32', () => {
    const y = polygammaOf('test', 2, tensor([2], { dtype: 'float16' }))
    expect(y.dtype).toBe('float16')
    expect(y.dataSync()[0]).toBeCloseTo(2 - 2 * 1.2020569031595942, 3)
  })
})
