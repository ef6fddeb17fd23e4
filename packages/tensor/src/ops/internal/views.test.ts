import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asTensor, build, counting, expectDense, read, shapeAndDim, withEntry } from '../__fixtures__/test-arrays.ts'
import { expectTensor, float } from '../__fixtures__/test-tools.ts'
import { indexLeaf, joinViews, permuteView, sameView, selectView, shiftView, sliceView, spread } from './views.ts'

describe('views', () => {
  it('compose in any order to what they do one after the other', () => {
    fc.assert(
      fc.property(shapeAndDim(3, 1), fc.nat(), fc.integer({ min: -2, max: 2 }), ({ shape, dim }, n, step) => {
        fc.pre(step !== 0)
        const x = counting(shape)
        const length = Math.floor((shape[dim] - 1) / Math.abs(step)) + 1
        const start = step > 0 ? 0 : shape[dim] - 1
        const order = [...shape.keys()].map(d => (d + n) % shape.length)
        const sliced = sliceView(
          'test',
          permuteView('test', asTensor(x), order),
          order.indexOf(dim),
          start,
          length,
          step,
        )
        const expected = build(
          order.map(d => (d === dim ? length : shape[d])),
          index => {
            const source = shape.map((_, d) => index[order.indexOf(d)])
            return read(x, withEntry(source, dim, start + step * source[dim]))
          },
        )
        expectDense(sliced, expected)
      }),
    )
  })

  it('shift along a dim and fill', () => {
    fc.assert(
      fc.property(shapeAndDim(3), fc.integer({ min: -5, max: 5 }), ({ shape, dim }, distance) => {
        const x = counting(shape)
        const expected = build(shape, index => {
          const from = index[dim] - distance
          return from >= 0 && from < shape[dim] ? read(x, withEntry(index, dim, from)) : -1
        })
        expectDense(shiftView('test', asTensor(x), dim, distance, -1), expected)
      }),
    )
  })

  it('are new tensors', () => {
    const x = float([1, 2])
    for (const view of [sameView('test', x), joinViews('test', [x], 0), sliceView('test', x, 0, 0, 2)]) view.dispose()
    expectTensor(x, 'float32', [2], [1, 2])
  })

  it('select, join and spread', () => {
    expectTensor(selectView('test', float([1, 2, 3, 4], [2, 2]), 0, 1), 'float32', [2], [3, 4])
    expectTensor(joinViews('test', [float([]), float([1]), float([2])], 0), 'float32', [2], [1, 2])
    expect(joinViews('test', [float([]), float([])], 0).shape).toEqual([0])
    expectTensor(spread('test', 3, 'int8', [2]), 'int8', [2], [3, 3])
    expectTensor(indexLeaf('test', [4, 5]), 'int32', [2], [4, 5])
  })
})
