import { normal, Parameter, type Tensor, tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOptimizer, type OptimizerOptions } from './create.ts'

const steps = 4
const seeds = fc.nat(10_000)

/** The parameter after some steps with gradients that are drawn by a seed and changed by `change`. */
function run(
  options: OptimizerOptions,
  seed: number,
  { change = (grad: Tensor) => grad, from = normal(seed, [5]) } = {},
): number[] {
  const param = new Parameter(from)
  const optimizer = createOptimizer([param], options)
  for (let step = 1; step <= steps; step++) optimizer.step([change(normal(seed + step, [5]))])
  return Array.from(param.value.dataSync())
}

function expectClose(got: readonly number[], wanted: readonly number[], digits = 4): void {
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], digits)
  })
}

const plain: OptimizerOptions[] = [
  { optimizer: 'sgd', lr: 0.1, momentum: 0.9 },
  { optimizer: 'adam', lr: 0.1 },
  { optimizer: 'adamw', lr: 0.1, weightDecay: 0 },
  { optimizer: 'rmsprop', lr: 0.1 },
  { optimizer: 'lion', lr: 0.1 },
]

describe('each optimiser without decay', () => {
  it.each(plain)('moves by what does not depend on where it stands: %j', options => {
    fc.assert(
      fc.property(seeds, seed => {
        const [here, there] = [normal(seed, [5]), normal(seed, [5]).add(3)]
        const moved = (from: Tensor): number[] => {
          const start = from.dataSync()
          return run(options, seed, { from }).map((value, i) => value - start[i])
        }
        expectClose(moved(here), moved(there))
      }),
      { numRuns: 20 },
    )
  })

  it.each(plain)('moves the other way for the opposite gradients: %j', options => {
    fc.assert(
      fc.property(seeds, seed => {
        const from = tensor([0, 0, 0, 0, 0])
        const back = run(options, seed, { from, change: grad => grad.neg() })
        expectClose(
          back.map(value => -value),
          run(options, seed, { from }),
          6,
        )
      }),
      { numRuns: 20 },
    )
  })

  it.each(plain)('treats elements apart: %j', options => {
    fc.assert(
      fc.property(seeds, seed => {
        const whole = run(options, seed)
        const reversed = run(options, seed, { from: normal(seed, [5]).flip([0]), change: grad => grad.flip([0]) })
        expect(reversed.reverse()).toEqual(whole)
      }),
      { numRuns: 20 },
    )
  })

  it.each(plain)('stands still without a gradient from the start: %j', options => {
    const from = normal(3, [5])
    expect(run(options, 3, { from, change: grad => grad.mul(0) })).toEqual(Array.from(from.dataSync()))
  })
})

describe('the size of the gradients', () => {
  it.each(plain.slice(1))('does not count for %j', options => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(0.25, 8, 64), (seed, by) => {
        expectClose(run(options, seed, { change: grad => grad.mul(by) }), run(options, seed), 2)
      }),
      { numRuns: 20 },
    )
  })

  it('counts in proportion for SGD', () => {
    const from = tensor([0, 0, 0, 0, 0])
    const doubled = run(plain[0], 5, { from, change: grad => grad.mul(2) })
    expectClose(
      doubled,
      run(plain[0], 5, { from }).map(value => 2 * value),
      5,
    )
  })
})

describe('decay', () => {
  it.each(['adamw', 'lion'] as const)('of %s is a share of the weight and not of the step', optimizer => {
    const options = { optimizer, lr: 0.1, weightDecay: 0.5 } as const
    const from = normal(9, [5])
    const wanted = Array.from(from.dataSync(), value => value * 0.95 ** steps)
    expectClose(run(options, 9, { from, change: grad => grad.mul(0) }), wanted, 6)
  })

  it('of Adam works through the gradient: it moves weights of any size by about lr', () => {
    const options = { optimizer: 'adam', lr: 0.01, weightDecay: 0.5 } as const
    const from = tensor([1, 10, 100, -1, -10])
    const moved = run(options, 9, { from, change: grad => grad.mul(0) })
    expectClose(moved, [0.96, 9.96, 99.96, -0.96, -9.96], 3)
  })
})
