import { expect, test } from 'vitest'
import { WordLayout } from './block.ts'
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

test('places are those of the words', () => {
  expect((['first', 'second', 'left', 'right'] as const).map(name => layout.place(name))).toEqual([0, 4, 8, 12])
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
