import { describe, expect, it } from 'vitest'
import { settleMemory } from '../__fixtures__/memory.ts'
import {
  compile,
  embedding,
  gradients,
  matmul,
  memory,
  mul,
  normal,
  Parameter,
  randomKey,
  sub,
  type Tensor,
  tensor,
  zeros,
} from '../index.ts'
import { nodeOf } from '../tensor.ts'
import { mostPinned, mostWaiting, type Node } from './node.ts'
import { overdueTargets } from './overdue.ts'
import { createStorage, releaseStorage } from './storage.ts'

const node = (x: Tensor): Node => nodeOf(x, 'test')
const int = (values: number[]) => tensor(values, { dtype: 'int32' })

/** Nodes behind one, itself included. */
function graphSize(root: Tensor): number {
  const seen = new Set([node(root)])
  for (const { inputs } of seen) for (const input of inputs) seen.add(input)
  return seen.size
}

function grow(start: Tensor, count: number, step: (x: Tensor) => Tensor = x => x.add(1)): Tensor {
  let x = start
  for (let i = 0; i < count; i++) x = step(x)
  return x
}

describe('a loop that nobody reads', () => {
  it('keeps a graph of constant size', async () => {
    const start = int([1, 2, 3])
    await settleMemory()
    const { live } = memory()
    const x = grow(start, 100_000)
    expect(graphSize(x)).toBeLessThan(1.1 * mostWaiting)
    expect(Array.from(x.dataSync())).toEqual([100_001, 100_002, 100_003])
    await settleMemory()
    expect(memory().live).toBeLessThan(live + 1000)
  })

  it('keeps a bounded history where gradients could pass', () => {
    const x = grow(tensor([1]), 10 * mostWaiting)
    expect(graphSize(x)).toBeLessThan(18 * mostWaiting)
    expect(x.itemSync()).toBe(1 + 10 * mostWaiting)
    expect(graphSize(grow(x, 10 * mostWaiting))).toBeLessThan(18 * mostWaiting)
  })

  it('is computed at the same places in every run', () => {
    const places = (): number[] => {
      const found: number[] = []
      const start = int([1])
      const { id } = node(start)
      grow(start, 50_000, x => {
        const y = x.add(1)
        if (node(y).storage) found.push(node(y).id - id)
        return y
      })
      return found
    }
    expect(places()).toEqual(places())
    expect(places()).toHaveLength(4)
  })

  it('lets training go on from wherever it is computed within a step', async () => {
    for (let offset = 0; offset < 40; offset++) {
      const recipe = normal(randomKey(7), [4, 5])
      const [weight, momentum, square] = [zeros([5, 1]), zeros([5, 1]), zeros([5, 1])].map(x => new Parameter(x))
      for (let id = 0; id < mostWaiting - 500 + offset; id++) int([1])
      for (let step = 0; step < 20; step++) {
        const loss = matmul(recipe, weight).sub(1).square().mean()
        const [grad] = gradients(loss, [weight])
        const [m, v] = [mul(momentum, 0.9).add(grad.mul(0.1)), mul(square, 0.9).add(grad.square().mul(0.1))]
        weight.assign(sub(weight, m.div(v.sqrt().add(1e-3)).mul(0.01)))
        momentum.assign(m)
        square.assign(v)
        expect(await loss.item()).toBeLessThan(1.1)
      }
    }
  })

  it('advances the parameters on its way', () => {
    const cell = new Parameter(int([0]))
    for (let i = 0; i < 30_000; i++) cell.assign(cell.value.add(1))
    expect(graphSize(cell.value)).toBeLessThan(3.1 * mostWaiting)
    expect(cell.value.itemSync()).toBe(30_000)
  })
})

describe('old values that young ones wait for', () => {
  it('are computed once', () => {
    const old = zeros([4]).add(1).mul(3)
    grow(int([0]), mostWaiting)
    const first = old.add(1)
    expect(node(first).storage).not.toBeNull()
    expect(node(old).storage).not.toBeNull()
    const second = old.add(2)
    expect(node(second).storage).toBeNull()
    expect(Array.from(second.dataSync())).toEqual([5, 5, 5, 5])
  })

  it('count no more when they have been computed in the meantime', () => {
    const old = int([1]).add(1)
    grow(int([0]), 0.4 * mostWaiting)
    const young = old.mul(2)
    grow(int([0]), 0.2 * mostWaiting)
    old.dataSync()
    expect(node(young.add(1)).storage).toBeNull()
    expect(node(young).oldest).toBeGreaterThan(node(old).id)
    expect(overdueTargets(node(young.add(1))).targets).toEqual([])
  })
})

describe('graphs that keep many bytes', () => {
  /** A value of a GiB of which nothing is taken from the system. */
  function pretend(x: Tensor, bytes: number): Tensor {
    Object.assign(node(x).storage as object, { bytes })
    return x
  }

  it('are computed, where there are as many', () => {
    const half = () => pretend(int([1]), mostPinned / 2)
    const total = () => half().add(half()).add(half())
    expect(node(total()).storage).toBeNull()
    const none = new Float32Array(0)
    const counted = createStorage('int8', mostPinned, { read: () => none, load: async () => none, free: () => {} })
    expect(node(total()).storage).not.toBeNull()
    releaseStorage(counted)
  })

  it('are not taken for more than all that there is', () => {
    const doubled = grow(int([1]), 60, x => x.add(x))
    expect(node(doubled).storage).toBeNull()
    expect(node(doubled).pinned).toBeLessThanOrEqual(2 * mostPinned)
  })

  it('count each value once', () => {
    const x = pretend(int([1]), mostPinned / 2)
    const sum = grow(x, 20, y => y.add(x))
    expect(node(sum).storage).toBeNull()
    expect(node(sum).pinned).toBeLessThanOrEqual(mostPinned)
    expect(sum.itemSync()).toBe(21)
  })
})

describe('computing unasked', () => {
  it('leaves a wrong index to whoever reads it', () => {
    const wrong = embedding(normal(randomKey(1), [4, 2]), int([7]))
    const sum = grow(wrong, mostWaiting + 10)
    expect(node(sum).storage).toBeNull()
    expect(() => sum.dataSync()).toThrow('embedding: index 7 is out of range for dim 0 with size 4')
  })

  it('does not happen within a compiled function', () => {
    const long = compile((x: Tensor) => grow(x, mostWaiting + 100))
    expect(long(int([1])).itemSync()).toBe(mostWaiting + 101)
    expect(long(int([2])).itemSync()).toBe(mostWaiting + 102)
  })
})
