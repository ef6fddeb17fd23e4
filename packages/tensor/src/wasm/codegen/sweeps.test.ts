import { expect, test } from 'vitest'
import { GroupBuilder } from './__fixtures__/group-builder.ts'
import { layoutOf, variationOf } from './layout.ts'
import { planSweeps } from './sweeps.ts'

function plan(g: GroupBuilder, mayKeep = true) {
  const group = g.build()
  const layout = layoutOf(group)
  const inElements = variationOf(layout).map(along => along[layout.axes.length - 1])
  return planSweeps(group, inElements, mayKeep)
}

test('a softmax takes three sweeps and computes each exponential once', () => {
  const g = new GroupBuilder([5, 100], 'rows', [1])
  const x = g.load('float32')
  const largest = g.reduce('max', x)
  const shifted = g.binary('sub', x, largest)
  const e = g.unary('exp', shifted)
  const sum = g.reduce('sum', e)
  const y = g.binary('div', e, sum)
  g.store(y)
  const { sweeps, kept } = plan(g)
  expect(kept).toEqual([e])
  expect(sweeps.map(({ computed, recalled }) => ({ computed, recalled }))).toEqual([
    { computed: [x], recalled: [] },
    { computed: [x, shifted, e], recalled: [] },
    { computed: [y], recalled: [e] },
  ])
  expect(sweeps.map(({ reductions }) => reductions)).toEqual([[largest], [sum], []])
  expect(sweeps.map(({ stores }) => stores)).toEqual([[], [], [0]])
  expect(plan(g, false).sweeps[2].computed).toEqual([x, shifted, e, y])
})

test('reductions that do not depend on one another share a sweep', () => {
  const g = new GroupBuilder([5, 100], 'rows', [1])
  const x = g.load('float32')
  const sum = g.reduce('sum', x)
  const squares = g.reduce('sum', g.binary('mul', x, x))
  g.store(g.binary('sub', squares, sum), 'row')
  const { sweeps, kept } = plan(g)
  expect(kept).toEqual([])
  expect(sweeps).toHaveLength(1)
  expect(sweeps[0].reductions).toEqual([sum, squares])
  expect(sweeps[0].afterwards).toEqual([4])
})

test('cheap values are computed again in the sweeps that need them', () => {
  const g = new GroupBuilder([5, 100], 'rows', [1])
  const x = g.load('float32')
  const doubled = g.binary('add', x, x)
  g.store(g.binary('sub', doubled, g.reduce('max', doubled)))
  const { sweeps, kept } = plan(g)
  expect(kept).toEqual([])
  expect(sweeps.map(({ computed }) => computed)).toEqual([
    [x, doubled],
    [x, doubled, 3],
  ])
})

test('what is the same for a row is computed once, before the sweep that needs it', () => {
  const g = new GroupBuilder([5, 100], 'rows', [1])
  const perRow = g.load('float32', { strides: [1, 0], offset: 0 })
  const halved = g.binary('mul', perRow, g.constant('float32', 0.5))
  const x = g.load('float32')
  g.store(g.reduce('max', g.binary('add', x, halved)), 'row')
  const { before, sweeps } = plan(g)
  expect(before).toEqual([perRow, 1, halved])
  expect(sweeps[0].computed).toEqual([x, 4])
})
