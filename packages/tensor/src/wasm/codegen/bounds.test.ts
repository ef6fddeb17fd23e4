import { describe, expect, test } from 'vitest'
import { expectAgreement } from './__fixtures__/expect-agreement.ts'
import { GroupBuilder } from './__fixtures__/group-builder.ts'
import { runGroup } from './__fixtures__/run-group.ts'

const extremes = ['maximum', 'minimum'] as const
const odd = Float32Array.of(Number.NaN, -0, 0, 2, -2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)

describe.each(extremes)('a %s', f => {
  test('with a number that is known late has its NaN and zeros, on either side', () => {
    for (const bound of odd) {
      const g = new GroupBuilder([odd.length])
      const x = g.load('float32', undefined, g.buffer('float32', odd))
      const slot = g.slot()
      g.store(g.binary(f, x, g.scalar('float32', slot)))
      g.store(g.binary(f, g.scalar('float32', slot), x))
      expectAgreement(g, { slots: [bound] })
    }
  })

  test('with a bound gives the bits of one of two tensors', () => {
    for (const bound of odd) {
      const other = odd.map(() => bound)
      const [apart, together] = [false, true].map(bounded => {
        const g = new GroupBuilder([odd.length])
        const x = g.load('float32', undefined, g.buffer('float32', odd))
        const y = g.load('float32', bounded ? { strides: [0], offset: 0 } : undefined, g.buffer('float32', other))
        const buffer = g.store(g.binary(f, x, y))
        return runGroup(g.build(), g.data).buffers[buffer]
      })
      expect(together).toEqual(apart)
    }
  })

  test('has bounds that differ from row to row, and both of them', () => {
    for (const [kind, reduced] of [
      ['pointwise', []],
      ['rows', [1]],
      ['columns', [0]],
    ] as const) {
      const g = new GroupBuilder([5, 37], kind, reduced)
      const x = g.load('float32')
      const a = g.load('float32', { strides: [1, 0], offset: 0 })
      const b = g.load('float32', { strides: [0, 1], offset: 0 })
      const y = g.binary(f, a, g.binary(f, x, b))
      if (kind === 'pointwise') g.store(y)
      else g.store(g.reduce('max', y), 'row')
      expectAgreement(g)
    }
  })

  test('of halves and of integers keeps their dtype', () => {
    for (const dtype of ['float16', 'int32', 'uint8'] as const) {
      const g = new GroupBuilder([21])
      g.store(g.binary(f, g.load(dtype), g.constant(dtype, 1)))
      expectAgreement(g)
    }
  })
})
