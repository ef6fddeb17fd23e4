import { expect, test } from 'vitest'
import { fillThreefryBits } from '../../threefry.ts'
import { expectAgreement } from './__fixtures__/expect-agreement.ts'
import { GroupBuilder } from './__fixtures__/group-builder.ts'
import { runGroup } from './__fixtures__/run-group.ts'

test.each(['float32', 'float16', 'int32', 'uint8', 'int8'] as const)('iota of %s rounds once', dtype => {
  const [start, step] = dtype.startsWith('float') ? [-3.3, 0.1] : [-3, 2]
  const g = new GroupBuilder([3, 11])
  const slots = [g.slot(), g.slot()]
  const push = (strides: readonly number[], offset: number) =>
    g.store(g.push({ kind: 'iota', dtype, access: { strides, offset }, start: slots[0], step: slots[1], plain: false }))
  push([11, 1], 0)
  push([0, 1], 2)
  push([1, 0], 0)
  push([1, -3], 30)
  expectAgreement(g, { slots: [dtype === 'uint8' ? 0 : start, step] })
})

test('a half is rounded from float64 and not from float32', () => {
  // Float32 would round this to the middle of two halves first.
  const value = 1 + 2 ** -11 + 2 ** -40
  const g = new GroupBuilder([2])
  const slots = [g.slot(), g.slot()]
  g.store(
    g.push({
      kind: 'iota',
      dtype: 'float16',
      access: { strides: [0], offset: 1 },
      start: slots[0],
      step: slots[1],
      plain: false,
    }),
  )
  const run = (start: number, step: number) => runGroup(g.build(), g.data, { slots: [start, step] }).buffers[0][0]
  expect(run(0, value)).toBe(1 + 2 ** -10)
  expect(run(0, 1 + 2 ** -11)).toBe(1)
  expect([run(0, 65519), run(0, 65520), run(0, -1e30), run(0, 2 ** -24)]).toEqual([
    65504,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    2 ** -24,
  ])
  expect(run(Number.NaN, 1)).toBeNaN()
})

test.each([1, 3, 4, 17, 100])('%i random numbers have the bits of Threefry', n => {
  const key = [0x13198a2e, -0x03707344] as const
  const g = new GroupBuilder([n])
  const slot = g.slot()
  g.store(g.push({ kind: 'random', dtype: 'int32', access: { strides: [1], offset: 0 }, key: slot }))
  g.store(g.push({ kind: 'random', dtype: 'int32', access: { strides: [-2], offset: 300 }, key: slot }))
  expectAgreement(g, { slots: [key] })
  const bits = new Int32Array(n)
  fillThreefryBits(key, 0, bits)
  expect(runGroup(g.build(), g.data, { slots: [key] }).buffers[0]).toEqual(bits)
})

test('a plain iota is the position itself, in every order', () => {
  const g = new GroupBuilder([3, 11])
  const slots = [g.slot(), g.slot()]
  for (const [strides, offset] of [
    [[11, 1], 0],
    [[0, 1], 2],
    [[1, -3], 30],
  ] as const)
    g.store(
      g.push({
        kind: 'iota',
        dtype: 'int32',
        access: { strides, offset },
        start: slots[0],
        step: slots[1],
        plain: true,
      }),
    )
  expectAgreement(g, { slots: [0, 1] })
})
