import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from './__fixtures__/function.ts'
import { dims, offsetsOf } from './__fixtures__/product.ts'
import { type Dim, groupWords } from './access.ts'
import { addOffset, padAddresses, writeOffsets } from './offsets.ts'

const table = compile(5, (code, [list, from, count, to, base]) => writeOffsets(code, list, from, count, to, base))

const tabulate = (group: readonly Dim[], from: number, count: number, base = 0): number[] => {
  table.ints.set(groupWords(group, 4), 0)
  table.ints.fill(-1, 256, 512)
  table.call(0, from, count, 1024, base)
  expect(table.ints[256 + count]).toBe(-1)
  return [...table.ints.subarray(256, 256 + count)]
}

const group = fc.array(fc.record({ size: fc.integer({ min: 1, max: 5 }), stride: fc.integer({ min: -9, max: 9 }) }), {
  maxLength: 4,
})

describe('writeOffsets', () => {
  test('tabulates any stretch of positions of any group', () => {
    fc.assert(
      fc.property(group, fc.nat(), fc.nat(), fc.nat(1000), (dims, from, count, base) => {
        const all = offsetsOf(dims).map(offset => offset * 4 + base)
        const begin = from % all.length
        const part = all.slice(begin, begin + (count % 64))
        expect(tabulate(dims, begin, Math.min(part.length, 200), base)).toEqual(part.slice(0, 200))
      }),
      { numRuns: 300, seed: 5 },
    )
  })

  test('nothing of an empty group', () => {
    expect(tabulate(dims([0], [3]), 0, 0)).toEqual([])
  })
})

describe('addOffset', () => {
  const adder = compile(3, (code, [list, position, target]) => {
    const sum = code.local('i32')
    code.i32(1000).set(sum)
    addOffset(code, list, position, sum)
    code.get(target).get(sum).memory('i32.store')
  })

  test('adds what one position adds', () => {
    const group = dims([2, 3, 4], [100, -7, 2])
    adder.ints.set(groupWords(group, 1), 0)
    offsetsOf(group).forEach((offset, position) => {
      adder.call(0, position, 1024)
      expect(adder.ints[256]).toBe(1000 + offset)
    })
  })
})

describe('padAddresses', () => {
  const pad = compile(2, (code, [to, end]) => padAddresses(code, to, end, 4))

  test('continues as if lines followed in memory', () => {
    pad.ints.set([7, 100, 0, 0, 0, 9])
    pad.call(8, 20)
    expect([...pad.ints.subarray(0, 6)]).toEqual([7, 100, 104, 108, 112, 9])
  })

  test('leaves a full table as it is', () => {
    pad.ints.set([1, 2, 3])
    pad.call(8, 8)
    expect([...pad.ints.subarray(0, 3)]).toEqual([1, 2, 3])
  })
})
