import { describe, expect, it } from 'vitest'
import { defineOp, memory, ones, Parameter, realize, SurprisalError, type Tensor, tensor } from './index.ts'

/** Doubles, and counts how often it is computed. */
function counted(): { double: (x: Tensor) => Tensor; calls: () => number } {
  let calls = 0
  const op = defineOp({
    name: 'counted',
    infer: ([x]) => [x],
    reference: ([x], [out]) => {
      calls += 1
      for (let i = 0; i < out.length; i++) out[i] = 2 * x.data[i]
    },
  })
  return { double: x => op([x])[0], calls: () => calls }
}

describe('realize', () => {
  it('computes what several tensors share once', async () => {
    const { double, calls } = counted()
    const shared = double(tensor([1, 2]))
    const [a, b] = [shared.add(1), shared.mul(3)]
    await realize(a, b)
    expect(calls()).toBe(1)
    expect([Array.from(a.dataSync()), Array.from(b.dataSync())]).toEqual([
      [3, 5],
      [6, 12],
    ])
  })

  it('stores what was asked for and nothing else', async () => {
    const { double, calls } = counted()
    const shared = double(tensor([1]))
    await realize(shared.add(1))
    await realize(shared)
    await realize(shared, shared.add(2))
    expect(calls()).toBe(2)
  })

  it('takes lists and parameters', async () => {
    const { double, calls } = counted()
    const cell = new Parameter(double(tensor([4])))
    const pair = [double(tensor([1])), double(tensor([2]))]
    await realize(cell, pair)
    expect(calls()).toBe(3)
    expect([cell.value, ...pair].map(x => x.itemSync())).toEqual([8, 2, 4])
    expect(calls()).toBe(3)
  })

  it('gives the same tensor asked for twice, and aliases of it, data of their own', async () => {
    const x = ones([3]).mul(2)
    const [cell, same] = [new Parameter(x), x.reshape([1, 3])]
    await realize(x, cell, same, x)
    const copy = x.dataSync()
    copy[0] = 9
    expect([x, cell.value, same].map(y => y.dataSync()[0])).toEqual([2, 2, 2])
  })

  it('does nothing for nothing', async () => {
    const before = memory().live
    await realize()
    await realize([], tensor([1]))
    expect(memory().live - before).toBe(4)
  })

  it('refuses what is no tensor and what is gone', async () => {
    await expect(realize(tensor([1]), 3 as never)).rejects.toEqual(
      new SurprisalError('argument', 'realize: tensor 1 must be a tensor, got number 3'),
    )
    const x = ones([2])
    x.dispose()
    await expect(realize(x)).rejects.toThrow('realize: tensor used after dispose (created by ones [2])')
  })
})

describe('memory', () => {
  it('counts live bytes by dtype and remembers the peak', () => {
    const before = memory().live
    const [floats, bytes] = [ones([1000]), ones([1000], { dtype: 'uint8' })]
    floats.dataSync()
    bytes.dataSync()
    expect(memory().live - before).toBe(5000)
    const { peak } = memory()
    expect(peak).toBeGreaterThanOrEqual(before + 5000)
    floats.dispose()
    bytes.dispose()
    expect(memory()).toMatchObject({ live: before, peak })
  })
})
