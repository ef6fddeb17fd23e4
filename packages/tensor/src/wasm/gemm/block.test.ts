import { expect, test } from 'vitest'
import { statusBytes, wordsAt } from '../lowered.ts'
import { compile } from './__fixtures__/function.ts'
import { getPointer, WordLayout } from './block.ts'
import { Scratch } from './scratch.ts'

const layout = new WordLayout(['first', 'second'], ['left', 'right'])

test('numbers stand before lists, which are found through their places', () => {
  const words = layout.fill({ first: 5, second: -6 }, { left: [1, 2, 3], right: [9] })
  expect([...words]).toEqual([5, -6, 16, 28, 1, 2, 3, 9])
})

test('words above 2^31 wrap as addresses do', () => {
  const words = layout.fill({ first: 2 ** 32 - 4, second: 3 * 2 ** 32 + 8 }, { left: [], right: [] })
  expect([...words.subarray(0, 2)]).toEqual([-4, 8])
})

test('the code reads pointers, numbers and lists from a block', () => {
  const { call, ints } = compile(2, (code, [, to]) => {
    code.get(to)
    getPointer(code, 'out').memory('i32.store')
    code.get(to)
    layout.get(code, 'second').memory('i32.store', 4)
    code.get(to)
    layout.getList(code, 'right').memory('i32.load').memory('i32.store', 8)
  })
  const block = 4096
  ints.set([11, 22, 33, 44], (block + statusBytes) / 4)
  ints.set(layout.fill({ first: 5, second: 6 }, { left: [1, 2], right: [77] }), (block + wordsAt(3, 0)) / 4)
  call(block, 64)
  expect([...ints.subarray(16, 19)]).toEqual([33, 6, 77])
})

test('scratch memory is dealt out in lines of 64 bytes', () => {
  const scratch = new Scratch(70)
  expect(scratch.take(1)).toBe(128)
  expect(scratch.take(12)).toBe(192)
  expect(scratch.take(13)).toBe(256)
  expect(scratch.bytes).toBe(384)
  expect(new Scratch(0).operand('a', 8, 4, 0)).toEqual({ aLines: 0, aSteps: 128, aPanels: 0 })
  expect(new Scratch(64).operand('b', 8, 4, 8)).toEqual({ bLines: 64, bSteps: 192, bPanels: 256 })
})
