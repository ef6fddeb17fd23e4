import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contiguousStrides } from '../shape.ts'
import { indices, mapsOf, shapes } from './__fixtures__/run-kernel.ts'
import { forEachRun, type LoopNest, loopNest, type Walk } from './nest.ts'

/** All offsets that a nest visits, one list of positions per element. */
function visited(nest: LoopNest): number[][] {
  const list: number[][] = []
  forEachRun(nest, at => {
    for (let k = 0; k < nest.count; k++) list.push(at.map((start, a) => start + k * nest.inner[a]))
  })
  return list
}

function expected(shape: readonly number[], walks: readonly Walk[]): number[][] {
  return indices(shape).map(index =>
    walks.map(({ strides, offset }) => index.reduce((sum, i, d) => sum + i * strides[d], offset)),
  )
}

describe('loopNest', () => {
  it('joins the dims of dense arrays into one run', () => {
    const dense = { strides: [12, 4, 1], offset: 0 }
    expect(loopNest([2, 3, 4], [dense, dense])).toEqual({
      count: 24,
      inner: [1, 1],
      start: [0, 0],
      outer: [],
      steps: [],
    })
  })

  it('joins repeated dims of a broadcast operand', () => {
    const nest = loopNest(
      [20, 3, 16],
      [
        { strides: [48, 16, 1], offset: 0 },
        { strides: [1, 0, 0], offset: 5 },
      ],
    )
    expect(nest).toEqual({ count: 48, inner: [1, 0], start: [0, 5], outer: [20], steps: [[48, 1]] })
  })

  it('takes a long dim as the run when the last one is short', () => {
    const walks = [
      { strides: [3, 1], offset: 0 },
      { strides: [1, 0], offset: 0 },
    ]
    expect(loopNest([100, 3], walks).count).toBe(100)
    expect(loopNest([100, 12], walks).count).toBe(12)
  })

  it('gives one element to rank 0 and to dims of 1', () => {
    expect(visited(loopNest([], [{ strides: [], offset: 7 }]))).toEqual([[7]])
    expect(visited(loopNest([1, 1], [{ strides: [3, 3], offset: 7 }]))).toEqual([[7]])
  })

  it('visits nothing where a dim is 0', () => {
    for (const shape of [[0], [0, 3], [3, 0], [2, 0, 2]]) {
      const walk = { strides: shape.map(() => 2), offset: 0 }
      expect(visited(loopNest(shape, [walk, { ...walk, strides: shape.map((_, d) => d) }]))).toEqual([])
    }
  })

  it('visits every element once, each line of a dim in its order', () => {
    const cases = shapes(4).chain(shape => fc.tuple(fc.constant(shape), mapsOf(shape), mapsOf(shape)))
    fc.assert(
      fc.property(cases, ([shape, a, b]) => {
        const all = expected(shape, [a.map, b.map])
        const byText = (list: number[][]): string[] => list.map(String).sort()
        expect(byText(visited(loopNest(shape, [a.map, b.map])))).toEqual(byText(all))
        const positions = { strides: contiguousStrides(shape), offset: 0 }
        const order = visited(loopNest(shape, [positions, a.map])).map(([position]) => position)
        const at = new Map(order.map((position, k) => [position, k]))
        indices(shape).forEach((index, k) => {
          index.forEach((i, d) => {
            if (i > 0) expect(at.get(k)).toBeGreaterThan(at.get(k - positions.strides[d]) as number)
          })
        })
      }),
    )
  })
})
