import { describe, expect, test } from 'vitest'
import { expectAgreement } from './__fixtures__/expect-agreement.ts'
import { GroupBuilder } from './__fixtures__/group-builder.ts'
import { runGroup } from './__fixtures__/run-group.ts'
import { lowerGroup } from './lower-group.ts'
import { pieceSize } from './split-rows.ts'

const longRow = 2 * pieceSize + 1027

const phasesOf = (g: GroupBuilder) => lowerGroup(g.build(), { relaxed: false }).phases

function sumOf(rows: number, n: number): GroupBuilder {
  const g = new GroupBuilder([rows, n], 'rows', [1])
  const x = g.load('float32', { strides: [rows > 2 ? 0 : 1, 1], offset: 0 })
  g.store(g.binary('mul', g.reduce('sum', g.unary('exp', x)), g.constant('float32', 0.5)), 'row')
  return g
}

describe('few long rows', () => {
  test('are cut into pieces, many or short ones are not', () => {
    expect(phasesOf(sumOf(2, longRow)).map(({ units }) => units)).toEqual([6, 2])
    expect(phasesOf(sumOf(20, longRow)).map(({ units }) => units)).toEqual([20])
    expect(phasesOf(sumOf(2, pieceSize)).map(({ units }) => units)).toEqual([2])
  })

  test('have sums of the same bits as rows that are not cut', () => {
    const [few, many] = [sumOf(1, longRow), sumOf(20, longRow)]
    for (const relaxed of [false, true]) {
      const [a, b] = [few, many].map(g => runGroup(g.build(), [few.data[0], g.data[1]], { relaxed }).buffers[1])
      expect(new Set([...a, ...b])).toEqual(new Set([a[0]]))
    }
  })

  test('use what is one per row, and are whole where products or a second sweep need them', () => {
    const g = new GroupBuilder([2, 1, longRow], 'rows', [2])
    const shift = g.load('float32', { strides: [2, 0, 0], offset: 1 })
    const largest = g.reduce('max', g.binary('maximum', g.load('float32'), shift))
    g.store(g.binary('add', largest, shift), 'row')
    expect(phasesOf(g)).toHaveLength(2)
    expectAgreement(g)
    const product = new GroupBuilder([longRow], 'rows', [0])
    product.store(product.reduce('prod', product.load('float32')), 'row')
    expect(phasesOf(product)).toHaveLength(1)
    const centred = new GroupBuilder([longRow], 'rows', [0])
    const x = centred.load('float32')
    centred.store(centred.reduce('sum', centred.binary('sub', x, centred.reduce('max', x))), 'row')
    expect(phasesOf(centred)).toHaveLength(1)
  })

  test.each(['float32', 'int32'] as const)('have all reductions of %s that can be joined', dtype => {
    const g = new GroupBuilder([2, longRow], 'rows', [1])
    const x = g.load(dtype, { strides: [3, 1], offset: 1 })
    for (const f of ['max', 'argmin', 'sum', 'min', 'argmax'] as const) g.store(g.reduce(f, x), 'row')
    expect(phasesOf(g)).toHaveLength(2)
    expectAgreement(g, { tolerance: 1e-5 })
  })
})
