import { describe, expect, test } from 'vitest'
import type { DType } from '../../dtype.ts'
import { expectAgreement } from './__fixtures__/expect-agreement.ts'
import { GroupBuilder } from './__fixtures__/group-builder.ts'
import { lowerGroup } from './lower-group.ts'

const keyOf = (g: GroupBuilder) => lowerGroup(g.build(), { relaxed: false }).phases[0].key

function transposed(rows: number, columns: number, dtype: DType = 'float32'): GroupBuilder {
  const g = new GroupBuilder([rows, columns])
  g.store(g.load(dtype, { strides: [1, rows], offset: 0 }))
  return g
}

describe('a transposed operand', () => {
  test('goes through tiles where it has four rows and columns', () => {
    expect(keyOf(transposed(4, 4))).toMatch(/^tiles/)
    expect(keyOf(transposed(3, 9))).toMatch(/^pointwise/)
    expect(keyOf(transposed(9, 3))).toMatch(/^pointwise/)
  })

  test.each(['float32', 'float16', 'int32', 'uint8', 'int8', 'bool'] as const)('of %s, of every size', dtype => {
    for (const rows of [4, 5, 7, 15, 16, 17, 34])
      for (const columns of [4, 6, 17]) expectAgreement(transposed(rows, columns, dtype))
  })

  test('meets others of any strides in a batch', () => {
    for (const [rows, columns] of [
      [5, 7],
      [18, 10],
    ]) {
      const g = new GroupBuilder([3, rows, columns])
      const x = g.load('float32', { strides: [rows * columns, 1, rows], offset: 0 })
      const y = g.load('float32', { strides: [0, 1, 0], offset: 2 })
      const z = g.load('float32', { strides: [2, 1, 3], offset: 0 })
      const w = g.load('float32', { strides: [1, 7, 5], offset: 0 })
      const sum = g.binary('add', g.binary('mul', x, y), g.binary('mul', z, w))
      g.store(g.binary('sub', sum, g.load('float32')))
      g.store(x)
      expectAgreement(g)
    }
  })

  test('may lie along a dim that is not next to the last', () => {
    const g = new GroupBuilder([6, 2, 9])
    g.store(g.unary('neg', g.load('float32', { strides: [1, 200, 8], offset: 1 })))
    expect(keyOf(g)).toMatch(/^tiles 0/)
    expectAgreement(g)
  })
})
