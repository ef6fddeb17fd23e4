import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elementsOf, floatOperands, numbers, operand, shapes } from './__fixtures__/run-kernel.ts'
import { copyRun, copyStrided, dense, denseWalk } from './copy.ts'

describe('copyStrided', () => {
  it('makes any strided operand dense', () => {
    fc.assert(
      fc.property(
        shapes(4).chain(shape => floatOperands(shape)),
        x => {
          const out = new Float32Array(elementsOf(x).length).fill(99)
          copyStrided(out, denseWalk(x.map.shape), x.data, x.map, x.map.shape)
          expect(Array.from(out)).toEqual(elementsOf(x))
        },
      ),
    )
  })

  it.each([
    [1, 1],
    [31, 33],
    [32, 64],
    [65, 100],
    [3, 200],
    [200, 3],
  ])('transposes %i x %i in tiles', (rows, columns) => {
    const x = operand(numbers(rows * columns), 'float32', [columns, rows], { strides: [1, columns] })
    const out = new Float32Array(rows * columns)
    copyStrided(out, denseWalk([columns, rows]), x.data, x.map, [columns, rows])
    expect(Array.from(out)).toEqual(elementsOf(x))
  })

  it('transposes every matrix of a batch, mirrored ones too', () => {
    const map = { strides: [70 * 40, -1, 70], offset: 69 }
    const x = operand(numbers(3 * 70 * 40), 'float32', [3, 70, 40], map)
    const out = new Float32Array(3 * 70 * 40)
    copyStrided(out, denseWalk([3, 70, 40]), x.data, x.map, [3, 70, 40])
    expect(Array.from(out)).toEqual(elementsOf(x))
  })

  it('writes to strided places and leaves the others', () => {
    const out = new Int32Array(8).fill(-1)
    copyStrided(out, { strides: [4, 2], offset: 1 }, Int32Array.of(1, 2, 3, 4), denseWalk([2, 2]), [2, 2])
    expect(Array.from(out)).toEqual([-1, 1, -1, 2, -1, 3, -1, 4])
  })
})

describe('copyRun', () => {
  it.each([1, 47, 48, 100])('copies, repeats and converts %i elements', n => {
    const x = Float32Array.from(numbers(n + 1))
    const out = new Float32Array(n + 2)
    copyRun(out, 1, 1, x, 1, 1, n)
    expect(Array.from(out)).toEqual([0, ...x.subarray(1), 0])
    copyRun(out, 1, 1, x, 0, 0, n)
    expect(Array.from(out)).toEqual([0, ...new Array(n).fill(x[0]), 0])
    const whole = new Float32Array(n)
    copyRun(
      whole,
      0,
      1,
      Uint8Array.from({ length: n }, (_, k) => k % 3),
      0,
      1,
      n,
    )
    expect(Array.from(whole)).toEqual(Array.from({ length: n }, (_, k) => k % 3))
  })
})

describe('dense', () => {
  it('gives the array itself where it is dense, a part of it where the view is', () => {
    const whole = operand([1, 2, 3, 4], 'float32', [2, 2])
    expect(dense(whole)).toBe(whole.data)
    const part = operand(whole.data, 'float32', [2], { offset: 1 })
    expect(Array.from(dense(part))).toEqual([2, 3])
    expect(dense(part).buffer).toBe(whole.data.buffer)
  })

  it('copies where the view is strided, in the same kind of array', () => {
    const x = operand([1, 2, 3, 4], 'int32', [2, 2], { strides: [1, 2] })
    expect(dense(x)).toEqual(Int32Array.of(1, 3, 2, 4))
  })

  it('gives an empty array for an empty view', () => {
    expect(dense(operand([1, 2], 'float32', [0, 2])).length).toBe(0)
  })
})
