import { describe, expect, it } from 'vitest'
import { permute, type Tensor } from '../index.ts'
import { expectClose, float, numbers } from './__fixtures__/test-tools.ts'
import { norm } from './norms.ts'
import { argmax, argmin } from './positions.ts'
import { median, quantile } from './quantiles.ts'
import { all, any, countNonzero, max, min, prod, sum } from './reductions.ts'
import { logsumexp, mean, std, var as variance } from './statistics.ts'

type Reduction = (x: Tensor, options: { dim?: number; keepdim?: boolean }) => Tensor

const average = (row: number[]) => row.reduce((a, b) => a + b, 0) / row.length
const spread = (row: number[]) =>
  row.reduce((total, x) => total + (x - average(row)) ** 2, 0) / Math.max(0, row.length - 1)
const sorted = (row: number[]) => [...row].sort((a, b) => a - b)

/** Each reduction beside a plain one of a row. */
const table: [string, Reduction, (row: number[]) => number][] = [
  ['sum', sum, row => row.reduce((a, b) => a + b, 0)],
  ['prod', prod, row => row.reduce((a, b) => a * b, 1)],
  ['mean', mean, average],
  ['var', variance, spread],
  ['std', std, row => Math.sqrt(spread(row))],
  ['max', max, row => Math.max(...row)],
  ['min', min, row => Math.min(...row)],
  ['any', any, row => Number(row.some(x => x !== 0))],
  ['all', all, row => Number(row.every(x => x !== 0))],
  ['countNonzero', countNonzero, row => row.filter(x => x !== 0).length],
  ['argmax', argmax, row => row.indexOf(Math.max(...row))],
  ['argmin', argmin, row => row.indexOf(Math.min(...row))],
  ['logsumexp', logsumexp, row => Math.log(row.reduce((total, x) => total + Math.exp(x), 0))],
  ['norm', norm, row => Math.hypot(...row)],
  ['median', median, row => sorted(row)[(row.length - 1) >> 1]],
  [
    'quantile',
    (x, options) => quantile(x, 0.5, options),
    row => {
      const at = (row.length - 1) / 2
      return (sorted(row)[Math.floor(at)] + sorted(row)[Math.ceil(at)]) / 2
    },
  ],
]
const needsElements = new Set(['max', 'min', 'argmax', 'argmin', 'median', 'quantile'])

const wave = (n: number, phase: number): number[] =>
  Array.from({ length: n }, (_, i) => Math.fround(Math.round(Math.sin(i * 1.7 + phase) * 8) / 4))

describe.each(table)('%s', (name, reduce, naive) => {
  it('equals plain loops for sizes 0 to 20', () => {
    for (let n = needsElements.has(name) ? 1 : 0; n <= 20; n++) {
      const data = wave(2 * n, n)
      const rows = [data.slice(0, n), data.slice(n)]
      expectClose(reduce(float(data, [2, n]), { dim: 1 }), rows.map(naive), 1e-5, 1e-6)
      expectClose(reduce(float(data.slice(n)), {}), [naive(rows[1])], 1e-5, 1e-6)
    }
  })

  it('reduces any dim of any layout to the same', () => {
    const x = float(wave(60, 3), [3, 4, 5])
    const along = (order: number[]) => {
      const view = permute(x, order)
      return reduce(view, { dim: order.indexOf(1), keepdim: true })
    }
    const first = along([0, 1, 2])
    expect(first.shape).toEqual([3, 1, 5])
    expect(along([1, 2, 0]).shape).toEqual([1, 5, 3])
    expectClose(permute(along([1, 2, 0]), [2, 0, 1]), numbers(first), 1e-6, 1e-6)
    expectClose(permute(along([2, 0, 1]), [1, 2, 0]), numbers(first), 1e-6, 1e-6)
  })

  it('takes a dim from either end', () => {
    const x = float(wave(24, 5), [2, 3, 4])
    for (const dim of [0, 1, 2]) expect(numbers(reduce(x, { dim: dim - 3 }))).toEqual(numbers(reduce(x, { dim })))
  })
})
