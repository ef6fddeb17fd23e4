import { describe, expect, it } from 'vitest'
import { customGradient, fmax, gradients, maximum, stopGradient, tensor } from '../index.ts'
import type { Tensor } from '../tensor.ts'
import { differentiated, generic } from './__fixtures__/loss.ts'
import { type Item, oracleValues, type Program } from './__fixtures__/program.ts'
import { fuzzGradients } from './__fixtures__/programs.ts'
import { compareSlopes, type Slopes } from './__fixtures__/slopes.ts'

const counter = () => ({ differentiable: 0, confirmed: 0, rough: 0, directions: 0 })

function count(counts: ReturnType<typeof counter>, slopes: Slopes | null): void {
  if (!slopes) return
  counts.differentiable += 1
  if (slopes.confirmed > 0) counts.confirmed += 1
  counts.rough += slopes.rough
  counts.directions += slopes.confirmed + slopes.flat + slopes.rough
}

describe('gradients of random graphs', () => {
  it.each([1, 2, 3])('are those of the oracle and of differences, seed %i', async seed => {
    const counts = counter()
    const failure = await fuzzGradients({
      runs: 80,
      seed,
      order: 1,
      onProgram: (_, { slopes }) => count(counts, slopes),
    })
    expect(failure, failure ?? '').toBeNull()
    // What is left out, being no smooth point or nothing to differentiate, must stay the lesser part.
    expect(counts.differentiable).toBeGreaterThan(0.7 * 80)
    expect(counts.confirmed).toBeGreaterThan(0.7 * counts.differentiable)
    expect(counts.rough).toBeLessThan(0.2 * counts.directions)
  })

  it.each([4, 5, 6, 7])('are right in the second order, seed %i', async seed => {
    const counts = counter()
    const failure = await fuzzGradients({
      runs: 50,
      seed,
      order: 2,
      onProgram: (_, { slopes }) => count(counts, slopes),
    })
    expect(failure, failure ?? '').toBeNull()
    expect(counts.differentiable).toBeGreaterThan(0.6 * 50)
    // Of a linear graph there is no second order.
    expect(counts.confirmed).toBeGreaterThan(0.35 * counts.differentiable)
    expect(counts.rough).toBeLessThan(0.2 * counts.directions)
  })
})

const follow = (values: readonly number[], of: (x: Tensor) => Tensor): Slopes => {
  const x = tensor(values as number[])
  const loss = of(x).sum()
  return compareSlopes(loss, gradients(loss, [x]), [x])
}

describe('compareSlopes', () => {
  it('confirms right gradients, in random directions and of single elements', () => {
    expect(follow([0.3, -1.2, 2], x => x.exp().mul(x))).toEqual({ confirmed: 5, flat: 0, rough: 0, wrong: null })
    expect(follow([0.3, -1.2, 2.5], x => x.floor())).toEqual({ confirmed: 0, flat: 5, rough: 0, wrong: null })
  })

  it('takes at most six single elements', () => {
    const { confirmed } = follow(
      Array.from({ length: 100 }, (_, i) => i / 8),
      x => x.square().add(x),
    )
    expect(confirmed).toBe(8)
  })

  it.each([0.999, 1.001, 0, -1, Number.NaN])('finds a gradient that is %d times the right one', factor => {
    const scaled = customGradient(
      x => x.pow(3),
      (dy, [x]) => [dy.mul(x.square()).mul(3 * factor)],
    )
    const { wrong } = follow([0.5, -1.5, 2], scaled)
    expect(wrong).toMatchObject({ leaf: -1, element: -1 })
    const ratio = (wrong?.got ?? 0) / (wrong?.expected ?? 0)
    expect(Math.round(ratio * 1e6) / 1e6 + 0).toBe(factor)
  })

  it('finds a gradient that is wrong in one element, and one that stops', () => {
    const mask = tensor([1, 1, 1.5])
    const oneOff = customGradient(
      x => x.square(),
      (dy, [x]) => [dy.mul(x).mul(2).mul(mask)],
    )
    expect(follow([0.5, -1.5, 2], oneOff).wrong).not.toBeNull()
    expect(follow([0.5, -1.5, 2], x => x.mul(stopGradient(x))).wrong).not.toBeNull()
  })

  it('names the element where random directions meet a jump', () => {
    const half = customGradient(
      x => x.mul(2),
      dy => [dy],
    )
    expect(follow([2, 0.3], x => half(x).add(x.floor().mul(tensor([1, 0])))).wrong).toEqual({
      leaf: 0,
      element: 1,
      expected: expect.closeTo(2, 6),
      got: 1,
    })
  })

  it('leaves kinks and jumps alone', () => {
    expect(follow([0, 0], x => x.relu())).toEqual({ confirmed: 0, flat: 0, rough: 4, wrong: null })
    expect(follow([2], x => x.floor().mul(x))).toMatchObject({ confirmed: 0, rough: 3, wrong: null })
    expect(follow([-1], x => x.sqrt())).toMatchObject({ rough: 3, wrong: null })
  })

  it('does not take a staircase of many small steps for a slope', () => {
    expect(follow([0.3], x => x.mul(1e10).floor())).toEqual({ confirmed: 0, flat: 0, rough: 3, wrong: null })
  })

  it('excuses NaN where a value on the way is NaN or a function is singular, and nowhere else', () => {
    const x = tensor([0.5, -2])
    const root = x.sqrt()
    const loss = fmax(root, 0).sum()
    const grads = gradients(loss, [x])
    expect(compareSlopes(loss, grads, [x], { way: [root] })).toEqual({ confirmed: 1, flat: 0, rough: 3, wrong: null })
    expect(compareSlopes(loss, grads, [x], { singular: true })).toMatchObject({ confirmed: 1, rough: 3 })
    expect(compareSlopes(loss, grads, [x], { way: [x] }).wrong).toMatchObject({ leaf: -1, got: Number.NaN })
  })

  it('confirms the mean of the slopes of both sides, which is the gradient at a tie', () => {
    expect(follow([1], x => maximum(x, x.square()))).toMatchObject({ confirmed: 3, wrong: null })
  })

  it.each([3e-4, 2e-5, 4e-6, 3e-7])('does not take a kink %d away for a slope', distance => {
    const { confirmed, rough, wrong } = follow([distance], x => x.abs().mul(3).add(x))
    expect([confirmed + rough, wrong]).toEqual([3, null])
  })
})

const leaf = (...values: number[]): Item => ({
  kind: 'leaf',
  shape: [values.length],
  dtype: 'float32',
  values: [values],
})
const call = (name: string, ...args: unknown[]): Item => ({ kind: 'call', name, args, pick: null })
const program = (...items: Item[]): Program => ({
  items,
  rounds: 1,
  reads: [],
  outputs: [items.length - 1],
  dispose: false,
})

describe('differentiated', () => {
  it('adds a weighted sum and its gradients, which are the weights for a leaf itself', () => {
    const of = differentiated(program(leaf(5, 6, 7)), 1)
    const values = oracleValues(of?.program as Program, 0)
    const [weights] = [...(of?.gradients ?? [])].map(at => [...values[at].data])
    for (const weight of weights) expect(Math.abs(weight)).toBeGreaterThanOrEqual(0.5)
    expect(new Set(weights).size).toBeGreaterThan(1)
    expect(values[of?.loss as number].data[0]).toBe(5 * weights[0] + 6 * weights[1] + 7 * weights[2])
  })

  it('differentiates the squared norm of the gradients in the second order', () => {
    const square = program(leaf(3), call('square', { ref: 0 }))
    const [first, second] = ([1, 2] as const).map(order => {
      const of = differentiated(square, order)
      return oracleValues(of?.program as Program, 0)[of?.gradients[0] as number].data[0]
    })
    // With d/dx w x^2 = 2 w x, the norm is 4 w^2 x^2 and its gradient 8 w^2 x.
    expect(second).toBe(((8 * first ** 2) / 36) * 3)
  })

  it('leaves out leaves that the loss does not depend on, and programs without any', () => {
    expect(differentiated(program(leaf(1), leaf(2), call('exp', { ref: 1 })), 1)?.leaves).toHaveLength(1)
    expect(differentiated(program(leaf(1), call('argmax', { ref: 0 })), 1)).toBeNull()
    expect(differentiated(program(call('ones', [3])), 1)).toBeNull()
  })
})

describe('generic', () => {
  it('moves float leaves a little and makes them finite', () => {
    const { items } = generic(program(leaf(1, 2, Number.NaN, Number.POSITIVE_INFINITY)))
    const [values] = items[0].kind === 'leaf' ? items[0].values : []
    ;[1, 2, 0.5, 0.5].forEach((x, i) => {
      expect(values[i]).not.toBe(x)
      expect(Math.abs(values[i] - x)).toBeLessThanOrEqual(1 / 16)
      expect(values[i]).toBe(Math.fround(values[i]))
    })
  })
})
