import { describe, expect, it } from 'vitest'
import { numbers } from './__fixtures__/run-kernel.ts'
import { columnLoops, combineColumns, combineRow, rowLoops } from './reduce-loops.ts'

const functions = { sum: (a: number, b: number) => a + b, max: Math.max, min: Math.min }
const names = ['sum', 'max', 'min'] as const
const x = Float32Array.from(numbers(64, -8, 8), Math.round)

describe.each(names)('%s', name => {
  it('of rows of 0 to 20 elements, dense and strided, continues what was gathered', () => {
    for (let n = 0; n <= 20; n++)
      for (const stride of [1, 3, 0, -2]) {
        const start = stride < 0 ? 50 : 1
        const expected = combineRow(functions[name], 2, x, start, stride, n)
        expect(rowLoops[name]?.(2, x, start, stride, n)).toBe(expected)
      }
  })

  it('of columns takes each element to its place', () => {
    for (const [so, si] of [
      [1, 1],
      [2, 3],
      [1, 0],
      [3, -1],
    ]) {
      const got = new Float64Array(40).fill(1)
      const expected = got.slice()
      columnLoops[name]?.(got, 2, so, x, 30, si, 11)
      combineColumns(functions[name], expected, 2, so, x, 30, si, 11)
      expect(got).toEqual(expected)
    }
  })
})

describe('combineRow', () => {
  it('combines from the left', () => {
    expect(combineRow((a, b) => 10 * a + b, 0, Int32Array.of(1, 2, 3, 4), 3, -1, 4)).toBe(4321)
  })
})
