import { gradients, setExecutor, tensor } from '@surprisal/tensor'
import { registerReference } from '@surprisal/tensor/reference'
import { afterEach, describe, expect, it } from 'vitest'
import { checked } from './checked.ts'

registerReference()
afterEach(() => setExecutor('wasm'))

describe('checked', () => {
  const positive = (value: number): boolean => value > 0

  it.each(['wasm', 'reference'])('is the same tensor, with the same gradient, on %s', executor => {
    setExecutor(executor)
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    const y = checked('f', 'x', x, positive, 'expected positive')
    expect([y.shape, y.dtype, Array.from(y.dataSync())]).toEqual([[2, 2], 'float32', [1, 2, 3, 4]])
    const [grad] = gradients(y.square().sum(), [x])
    expect(Array.from(grad.dataSync())).toEqual([2, 4, 6, 8])
  })

  it('complains when the values are read, not before', () => {
    const y = checked('f', 'x', tensor([1, -2, -3]), positive, 'expected positive')
    expect(() => y.dataSync()).toThrow('f: x holds -2, expected positive')
    expect(() => y.sum().itemSync()).toThrow('f: x holds -2, expected positive')
  })
})
