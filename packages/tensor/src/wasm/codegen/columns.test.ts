import { describe, expect, test } from 'vitest'
import type { ReduceName } from '../../graph/node.ts'
import { expectAgreement } from './__fixtures__/expect-agreement.ts'
import { GroupBuilder, noise } from './__fixtures__/group-builder.ts'
import { runGroup } from './__fixtures__/run-group.ts'
import { lowerGroup } from './lower-group.ts'

const columns = (rows: number, n: number) => new GroupBuilder([rows, n], 'columns', [0])

describe('a kernel over columns', () => {
  test.each(['sum', 'prod', 'max', 'min', 'argmax', 'argmin'] as ReduceName[])('has the %s of any number', f => {
    for (const n of [1, 3, 4, 5, 127, 128, 129, 131, 260])
      for (const rows of [1, 2, 5, 63, 65])
        for (const dtype of ['float32', 'int32'] as const) {
          const g = columns(rows, n)
          g.store(g.reduce(f, g.load(dtype)), 'row')
          expectAgreement(g, { tolerance: dtype === 'float32' ? 1e-4 : 0, cuts: [undefined, 1] })
        }
  })

  test.each(['any', 'all'] as const)('has %s', f => {
    const g = columns(9, 133)
    g.store(g.reduce(f, g.binary('greater', g.load('float32'), g.constant('float32', -3), 'bool')), 'row')
    expectAgreement(g)
  })

  test('gathers narrow and half elements', () => {
    for (const dtype of ['float16', 'int8', 'uint8'] as const)
      for (const f of ['max', 'min', 'argmax'] as const) {
        const g = columns(7, 22)
        g.store(g.reduce(f, g.load(dtype)), 'row')
        expectAgreement(g)
      }
  })

  test('takes reduced dims from anywhere but the end', () => {
    const dense = { strides: [504, 126, 42, 7, 1], offset: 0 }
    const turned = { strides: [1, 2, 90, 1, 7], offset: 3 }
    for (const reduced of [[0], [1], [0, 2], [1, 3], [0, 1, 3], [0, 2, 3]]) {
      const g = new GroupBuilder([2, 4, 3, 6, 7], 'columns', reduced)
      const x = g.binary('sub', g.load('float32', dense), g.load('float32', turned))
      g.store(g.reduce('sum', x), 'row')
      g.store(g.reduce('argmin', x), 'row')
      expectAgreement(g, { tolerance: 1e-5 })
    }
  })

  test('goes on with its results, with numbers and in several stores', () => {
    const g = columns(40, 150)
    const x = g.load('float32')
    const mean = g.binary('mul', g.reduce('sum', x), g.constant('float32', 1 / 40))
    const squares = g.binary('mul', g.reduce('sum', g.binary('mul', x, x)), g.scalar('float32', g.slot()))
    g.store(mean, 'row')
    g.store(g.unary('sqrt', g.binary('sub', squares, g.binary('mul', mean, mean))), 'row')
    g.store(g.binary('greater', mean, g.constant('float32', 0), 'bool'), 'row')
    expectAgreement(g, { slots: [1 / 40], tolerance: 1e-5 })
  })

  test('reads values per row, per column and by lookup', () => {
    const g = columns(12, 21)
    const x = g.binary('mul', g.load('float32'), g.load('float32', { strides: [2, 0], offset: 0 }))
    const table = g.buffer('float32', Float32Array.from(noise(5)))
    const index = Int32Array.from({ length: 21 }, (_, i) => i % 5)
    const picked = g.push({
      kind: 'lookup',
      dtype: 'float32',
      buffer: table,
      access: { strides: [0, 0], offset: 0 },
      index: g.load('int32', { strides: [0, 1], offset: 0 }, g.buffer('int32', index)),
      stride: 1,
      size: 5,
      dim: 0,
      op: 'gather',
    })
    g.store(g.reduce('max', g.binary('add', x, picked)), 'row')
    expectAgreement(g)
  })

  test('gives identities of no rows', () => {
    for (const f of ['sum', 'prod'] as const) {
      const g = columns(0, 7)
      g.store(g.reduce(f, g.load('float32')), 'row')
      expectAgreement(g)
    }
  })

  test('adds many equal terms without drift', () => {
    const rows = 40_000
    const g = columns(rows, 4)
    const x = g.load('float32', undefined, g.buffer('float32', new Float32Array(4 * rows).fill(0.1)))
    g.store(g.reduce('sum', x), 'row')
    const relative = runGroup(g.build(), g.data).buffers[1][2] / (rows * Math.fround(0.1)) - 1
    expect(Math.abs(relative)).toBeLessThan(1e-6)
  })

  test('puts NaN over all', () => {
    for (const f of ['max', 'min', 'argmax', 'argmin'] as const) {
      const data = Float32Array.from(noise(5 * 6))
      data[13] = data[25] = Number.NaN
      const g = columns(5, 6)
      g.store(g.reduce(f, g.load('float32', undefined, g.buffer('float32', data))), 'row')
      expectAgreement(g)
    }
  })

  test('has units of 128 columns for each other kept position, and keys without sizes', () => {
    const build = (space: number[]) => {
      const g = new GroupBuilder(space, 'columns', [1])
      g.store(g.reduce('sum', g.load('float32')), 'row')
      return lowerGroup(g.build(), { relaxed: false }).phases[0]
    }
    const [a, b] = [build([3, 5, 129]), build([2, 9, 12])]
    expect([a.units, b.units]).toEqual([6, 2])
    expect(a.key).toBe(b.key)
  })
})
