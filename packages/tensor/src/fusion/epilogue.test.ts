import { describe, expect, test } from 'vitest'
import { sizeOf } from '../shape.ts'
import { GroupBuilder } from '../wasm/codegen/__fixtures__/group-builder.ts'
import { isEpilogue } from './epilogue.ts'

describe('isEpilogue', () => {
  const build = (write: (g: GroupBuilder) => void, space = [2, 3, 4]) => {
    const g = new GroupBuilder(space)
    write(g)
    return isEpilogue({ group: g.build(), product: 0 }, 24)
  }

  test('takes what reads the product in order, as often as it likes', () => {
    expect(build(g => g.store(g.binary('add', g.load('float32'), g.load('float32', g.dense, 0))))).toBe(true)
    expect(build(g => g.store(g.load('float32')), [6, 4])).toBe(true)
    expect(build(g => g.store(g.load('float32', { strides: [24, 4, 1], offset: 0 })), [1, 6, 4])).toBe(true)
    expect(build(g => g.store(g.load('float32', { strides: [7, 4, 1], offset: 0 })), [1, 6, 4])).toBe(true)
  })

  test.each<[string, (g: GroupBuilder) => void, number[]?]>([
    ['another order', g => g.store(g.load('float32', { strides: [1, 2, 6], offset: 0 }))],
    ['a part', g => g.store(g.load('float32', { strides: [12, 4, 1], offset: 1 }))],
    ['repeats', g => g.store(g.load('float32', { strides: [0, 4, 1], offset: 0 }))],
    ['another size', g => g.store(g.load('float32')), [2, 3, 5]],
    ['no product', g => g.store(g.load('float32', g.dense, g.buffer('float32', new Float32Array(24)) + 1))],
  ])('leaves %s', (_, write, space) => {
    expect(build(write, space)).toBe(false)
  })

  test('leaves reductions', () => {
    const g = new GroupBuilder([2, 12], 'rows', [1])
    g.store(g.reduce('sum', g.load('float32')), 'row')
    expect(isEpilogue({ group: g.build(), product: 0 }, sizeOf([24]))).toBe(false)
  })
})
