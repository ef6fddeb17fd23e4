import { normal, Parameter, type Tensor, zeros } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Adafactor } from './adafactor.ts'
import { Muon, type MuonOptions } from './muon.ts'

/*
 * The two methods that look at a matrix as a whole, against plain loops in float64.
 */

type Matrix = number[][]

const toMatrix = (x: Tensor): Matrix => {
  const [rows, columns] = x.shape
  const data = Array.from(x.dataSync())
  return Array.from({ length: rows }, (_, i) => data.slice(i * columns, (i + 1) * columns))
}

const zip = (a: Matrix, b: Matrix, f: (x: number, y: number) => number): Matrix =>
  a.map((row, i) => row.map((x, j) => f(x, b[i][j])))

const transpose = (a: Matrix): Matrix => a[0].map((_, j) => a.map(row => row[j]))

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map(row => b[0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)))

const scale = (a: Matrix, by: number): Matrix => a.map(row => row.map(x => x * by))

const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length

const rms = (a: Matrix): number => Math.sqrt(mean(a.flat().map(x => x * x)))

function expectClose(got: Matrix, wanted: Matrix, digits: number): void {
  expect(got.length).toBe(wanted.length)
  got.forEach((row, i) => {
    row.forEach((x, j) => {
      expect(x).toBeCloseTo(wanted[i][j], digits)
    })
  })
}

function newtonSchulz(matrix: Matrix, steps: number): Matrix {
  const tall = matrix.length > matrix[0].length
  let x = tall ? transpose(matrix) : matrix
  x = scale(x, 1 / (Math.sqrt(x.flat().reduce((sum, y) => sum + y * y, 0)) + 1e-7))
  for (let step = 0; step < steps; step++) {
    const a = product(x, transpose(x))
    const b = zip(scale(a, -4.775), scale(product(a, a), 2.0315), (p, q) => p + q)
    x = zip(scale(x, 3.4445), product(b, x), (p, q) => p + q)
  }
  return tall ? transpose(x) : x
}

function muonLoop(start: Matrix, grads: Matrix[], options: Required<MuonOptions>): Matrix {
  const { lr, momentum, nesterov, nsSteps, weightDecay, adjustLr } = options
  const [rows, columns] = [start.length, start[0].length]
  const factor =
    adjustLr === 'original' ? Math.sqrt(Math.max(1, rows / columns)) : 0.2 * Math.sqrt(Math.max(rows, columns))
  let [p, b] = [start, scale(start, 0)]
  for (const g of grads) {
    b = zip(b, g, (old, now) => momentum * old + (1 - momentum) * now)
    const u = nesterov ? zip(b, g, (x, now) => momentum * x + (1 - momentum) * now) : b
    p = zip(p, newtonSchulz(u, nsSteps), (x, step) => x * (1 - lr * weightDecay) - lr * factor * step)
  }
  return p
}

function adafactorLoop(start: Matrix, grads: Matrix[]): Matrix {
  let p = start
  let rows = start.map(() => 0)
  let columns = start[0].map(() => 0)
  grads.forEach((g, at) => {
    const t = at + 1
    const rate = Math.min(1e-2, 1 / Math.sqrt(t)) * Math.max(1e-3, rms(p))
    const b2 = 1 - t ** -0.8
    const energy = g.map(row => row.map(x => x * x + 1e-30))
    rows = rows.map((old, i) => b2 * old + (1 - b2) * mean(energy[i]))
    columns = columns.map((old, j) => b2 * old + (1 - b2) * mean(energy.map(row => row[j])))
    const u = g.map((row, i) => row.map((x, j) => x / Math.sqrt((rows[i] / mean(rows)) * columns[j])))
    const clip = Math.max(1, rms(u))
    p = zip(p, u, (x, step) => x - (rate * step) / clip)
  })
  return p
}

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 5 }),
  columns: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(1000),
})

describe('Muon', () => {
  const settings: Required<MuonOptions>[] = [
    { lr: 0.1, momentum: 0.9, nesterov: true, nsSteps: 5, weightDecay: 0.2, adjustLr: 'original' },
    { lr: 0.1, momentum: 0.5, nesterov: false, nsSteps: 3, weightDecay: 0, adjustLr: 'matchRmsAdamw' },
  ]

  it.each(settings)('follows a plain loop with %j', options => {
    fc.assert(
      fc.property(sizes, ({ rows, columns, seed }) => {
        const start = normal(seed, [rows, columns])
        const grads = [1, 2, 3].map(step => normal(seed + step, [rows, columns]))
        const param = new Parameter(start)
        const optimizer = new Muon([param], options)
        for (const grad of grads) optimizer.step([grad])
        expectClose(toMatrix(param.value), muonLoop(toMatrix(start), grads.map(toMatrix), options), 3)
      }),
      { numRuns: 15 },
    )
  })

  it('takes the same step for a gradient of any size', () => {
    const grad = normal(5, [3, 4])
    const steps = [1, 1e-3, 1e4].map(by => {
      const param = new Parameter(zeros([3, 4]))
      new Muon([param], { lr: 1 }).step([grad.mul(by)])
      return toMatrix(param.value)
    })
    expectClose(steps[1], steps[0], 2)
    expectClose(steps[2], steps[0], 3)
  })

  it('turns with its gradient', () => {
    const grad = normal(6, [3, 5])
    const [upright, turned] = [new Parameter(zeros([3, 5])), new Parameter(zeros([5, 3]))]
    new Muon([upright], { lr: 1, adjustLr: 'matchRmsAdamw' }).step([grad])
    new Muon([turned], { lr: 1, adjustLr: 'matchRmsAdamw' }).step([grad.transpose(0, 1)])
    expectClose(transpose(toMatrix(turned.value)), toMatrix(upright.value), 5)
  })
})

describe('Adafactor', () => {
  it('follows a plain loop over rows and columns', () => {
    fc.assert(
      fc.property(sizes, ({ rows, columns, seed }) => {
        const start = normal(seed, [rows, columns])
        const grads = [1, 2, 3, 4].map(step => normal(seed + step, [rows, columns]))
        const param = new Parameter(start)
        const optimizer = new Adafactor([param])
        for (const grad of grads) optimizer.step([grad])
        expectClose(toMatrix(param.value), adafactorLoop(toMatrix(start), grads.map(toMatrix)), 5)
      }),
      { numRuns: 15 },
    )
  })

  it('treats each matrix of a stack by itself', () => {
    const [start, grad] = [normal(7, [2, 3, 4]), normal(8, [2, 3, 4])]
    const whole = new Parameter(start)
    const options = { relativeStep: false, scaleParameter: false, lr: 0.1, clipThreshold: 1e6 }
    new Adafactor([whole], options).step([grad])
    for (const i of [0, 1]) {
      const one = new Parameter(start.select(0, i))
      new Adafactor([one], options).step([grad.select(0, i)])
      expectClose(toMatrix(one.value), toMatrix(whole.value.select(0, i)), 6)
    }
  })
})
