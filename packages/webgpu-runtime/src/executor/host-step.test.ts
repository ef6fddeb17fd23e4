import { add, tensor } from '@surprisal/tensor'
import { nodeOf } from '@surprisal/tensor/backend'
import { describe, expect, it } from 'vitest'
import { runOnHost } from './host-step.ts'

const whole = (shape: number[]) => ({
  shape,
  strides: shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1)),
  offset: 0,
  guard: null,
})

describe('a primitive on the host', () => {
  it('reads through the views of its operands', () => {
    const node = nodeOf(add(tensor([1, 2]), tensor([1, 2])), 'test')
    const data = Float32Array.of(10, 20, 30)
    const operand = { data, dtype: 'float32' as const, map: whole([2]) }
    const flipped = { ...operand, map: { ...whole([2]), strides: [-1], offset: 2 } }
    expect(runOnHost(node, [operand, flipped])).toEqual(Float32Array.of(40, 40))
  })

  it('rounds halves', () => {
    const node = nodeOf(tensor([0, 0]).add(0).cast('float16'), 'test')
    const data = Float32Array.of(2049, 1 / 3)
    const [a, b] = runOnHost(node, [{ data, dtype: 'float32', map: whole([2]) }])
    expect([a, b]).toEqual([2048, 0.333251953125])
  })
})
