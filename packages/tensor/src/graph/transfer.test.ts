import { describe, expect, it } from 'vitest'
import { type Tensor, tensor, zeros } from '../index.ts'
import { nodeOf } from '../tensor.ts'
import { isTransfer, transfer } from './transfer.ts'

const node = (x: Tensor) => nodeOf(x, 'test')

describe('a transfer', () => {
  it('stands on another device than what it takes over, and keeps its value', () => {
    const x = node(tensor([1, 2]).add(1))
    const there = transfer(x, 'webgpu')
    expect([isTransfer(there), there.shape, there.dtype, there.place]).toEqual([true, [2], 'float32', 2])
    expect(isTransfer(x)).toBe(false)
  })

  it('of what has no device is a name for it there', () => {
    const there = transfer(node(zeros([2])), 'webgpu')
    expect([isTransfer(there), there.place]).toEqual([false, 2])
  })

  it('sends gradients back', () => {
    const x = node(tensor([1, 2]))
    const there = transfer(x, 'webgpu')
    const dy = transfer(node(tensor([3, 4])), 'webgpu')
    const { primitive } = there
    const [grad] = primitive.kind === 'rule' && primitive.backward ? primitive.backward(dy, [x], there) : []
    expect([grad?.place, grad && isTransfer(grad), grad?.inputs[0]]).toEqual([1, true, dy])
  })
})
