import { describe, expect, test } from 'vitest'
import type { DType } from '../../dtype.ts'
import { expectAgreement } from './__fixtures__/expect-agreement.ts'
import { GroupBuilder, sample } from './__fixtures__/group-builder.ts'
import { runGroup } from './__fixtures__/run-group.ts'

/** Looks up `index` of [rows, columns] along the last dim of a table [rows, size]. */
function gather(dtype: DType, index: readonly number[], rows: number, size: number): GroupBuilder {
  const columns = index.length / rows
  const g = new GroupBuilder([rows, columns])
  const table = g.buffer(dtype, sample(dtype, rows * size))
  const indices = g.load('int32', undefined, g.buffer('int32', Int32Array.from(index)))
  const access = { strides: [size, 0], offset: 0 }
  g.store(
    g.push({ kind: 'lookup', dtype, buffer: table, access, index: indices, stride: 1, size, dim: 1, op: 'gather' }),
  )
  return g
}

describe('a lookup', () => {
  test.each(['float32', 'float16', 'int32', 'uint8', 'int8', 'bool'] as const)('finds elements of %s', dtype => {
    const index = Array.from({ length: 22 }, (_, i) => (i * 7) % 10)
    expectAgreement(gather(dtype, index, 2, 10))
  })

  test('along an outer dim steps by its stride', () => {
    const g = new GroupBuilder([3, 6])
    const table = g.buffer('float32', sample('float32', 5 * 6))
    const index = g.load('int32', { strides: [2, 0], offset: 0 }, g.buffer('int32', Int32Array.of(4, 9, 0, 9, 2)))
    const access = { strides: [0, 1], offset: 0 }
    const lookup = { kind: 'lookup', dtype: 'float32', buffer: table, access, stride: 6, size: 5 } as const
    g.store(g.push({ ...lookup, index, dim: 0, op: 'take' }))
    expectAgreement(g)
  })

  test.each([
    [0, 10],
    [3, -1],
    [4, 2 ** 31 - 1],
    [9, -(2 ** 31)],
  ])('reports a wrong index at %i', (at, wrong) => {
    const index = Array.from({ length: 10 }, (_, i) => (i === at ? wrong : i))
    expect(runGroup(gather('float32', index, 1, 10).build(), gather('float32', index, 1, 10).data).status).toEqual([
      2,
      wrong,
    ])
    expectAgreement(gather('float32', index, 1, 10))
  })

  test('reports the first of several wrong ones', () => {
    const g = gather('float32', [0, 1, 12, 0, 0, 11, -1], 1, 10)
    expect(runGroup(g.build(), g.data).status).toEqual([2, 12])
  })

  test('of one element per row picks the target of a cross entropy', () => {
    for (const targets of [
      [2, 0, 6],
      [1, 7, 8],
    ]) {
      const g = new GroupBuilder([3, 7], 'rows', [1])
      const logits = g.buffer('float32', sample('float32', 21))
      const x = g.load('float32', undefined, logits)
      const shift = g.reduce('max', x)
      const sum = g.reduce('sum', g.unary('exp', g.binary('sub', x, shift)))
      const target = g.load('int32', { strides: [1, 0], offset: 0 }, g.buffer('int32', Int32Array.from(targets)))
      const access = { strides: [7, 0], offset: 0 }
      const lookup = { kind: 'lookup', dtype: 'float32', buffer: logits, access, stride: 1, size: 7 } as const
      const picked = g.push({ ...lookup, index: target, dim: 1, op: 'crossEntropy' })
      g.store(g.binary('sub', g.binary('add', g.unary('log', sum), shift), picked), 'row')
      expectAgreement(g, { tolerance: 1e-6 })
    }
  })
})
