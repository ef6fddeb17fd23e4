import { describe, expect, it } from 'vitest'
import { isContiguous } from './graph/affine.ts'
import { pendingTargets } from './graph/pending.ts'
import { gradients, ones, Parameter, stopGradient, type Tensor, tensor, zeros } from './index.ts'
import { schedule } from './schedule.ts'
import { nodeOf } from './tensor.ts'

const node = (x: Tensor) => nodeOf(x, 'test')
const planOf = (...targets: Tensor[]) => {
  const stored = pendingTargets(targets.map(node)).targets
  return { plan: schedule(stored), stored }
}
const kinds = (...targets: Tensor[]) => planOf(...targets).plan.kernels.map(kernel => kernel.primitive.kind)

describe('schedule', () => {
  it('orders kernels so that operands come first, each node once', () => {
    const x = tensor([1, 2])
    const shared = x.mul(2)
    const { plan } = planOf(shared.add(shared.exp()), shared.sum())
    const ready = new Set(plan.inputs.map(input => input.slot))
    for (const kernel of plan.kernels) {
      for (const { slot } of kernel.operands) expect(ready.has(slot)).toBe(true)
      expect(ready.has(kernel.output)).toBe(false)
      ready.add(kernel.output)
    }
    expect(ready.size).toBe(plan.slots)
    expect(kinds(shared.add(shared.exp()), shared.sum())).toHaveLength(4)
  })

  it('computes nothing for what is stored', () => {
    const x = tensor([1, 2])
    const y = x.add(1)
    y.dataSync()
    expect(planOf(x, y)).toEqual({
      plan: { slots: 0, inputs: [], kernels: [], dying: [], outputs: [] },
      stored: [],
    })
    expect(planOf(y.mul(2)).plan.kernels).toHaveLength(1)
  })

  it('reads through views and aliases without kernels of their own', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    const y = stopGradient(x.transpose(0, 1).slice(0, { start: 1 })).add(1)
    const { plan } = planOf(y)
    expect(plan.kernels.map(kernel => kernel.primitive.kind)).toEqual(['binary'])
    expect(plan.kernels[0].operands[0].map).toEqual({ shape: [2, 2], strides: [1, 3], offset: 1, guard: null })
    expect(isContiguous(plan.kernels[0].operands[0].map)).toBe(false)
    expect(isContiguous(planOf(x.add(1)).plan.kernels[0].operands[0].map)).toBe(true)
  })

  it('gives a view that strides cannot say a kernel', () => {
    const flat = tensor([
      [1, 2],
      [3, 4],
    ])
      .transpose(0, 1)
      .reshape([4])
    expect(kinds(flat.add(1))).toEqual(['view', 'binary'])
    expect(Array.from(flat.add(1).dataSync())).toEqual([2, 4, 3, 5])
  })

  it('pads by a kernel that keeps its guard', () => {
    const padded = tensor([1, 2]).pad([1, 1], { value: 7 })
    const { plan } = planOf(padded.mul(2))
    expect(plan.kernels[0].operands[0].map.guard).toMatchObject({ fill: 7 })
    expect(Array.from(padded.mul(2).dataSync())).toEqual([14, 2, 4, 14])
  })

  it('says after which kernel a temporary is read no more', () => {
    const x = tensor([1, 2])
    const a = x.exp()
    const b = a.add(a)
    const c = b.mul(a)
    const { plan } = planOf(c)
    expect(plan.dying.map(slots => slots.length)).toEqual([0, 0, 2])
    const kept = planOf(c, a).plan
    expect(kept.dying.flat()).not.toContain(kept.outputs[1])
  })

  it('stores parameters that wait on the way, and state assigned from what is computed', () => {
    const cell = new Parameter(zeros([1]))
    const next = cell.value.add(1)
    const state = new Parameter(zeros([1]))
    state.assign(next)
    cell.assign(next.mul(2))
    const loss = cell.value.sum()
    expect(planOf(loss).stored.map(stored => stored.op)).toContain('parameter')
    const { stored } = planOf(loss)
    expect(stored).toContain(node(cell.value))
    expect(stored).toContain(node(state.value))
    loss.itemSync()
    expect([cell.value, state.value].map(value => planOf(value).stored)).toEqual([[], []])
  })

  it('does not look for parameters behind the graph that a rule replaces', () => {
    const cell = new Parameter(ones([1]).mul(3))
    const rule = tensor([1]).softmax()
    expect(planOf(rule.add(cell)).stored).toHaveLength(2)
    expect(planOf(stopGradient(cell.value)).stored).toHaveLength(2)
  })

  it('takes a chain of 100,000 nodes, for the value and for the gradient', () => {
    const x = tensor([1])
    let y: Tensor = x
    for (let i = 0; i < 100_000; i++) y = y.add(1)
    expect(y.itemSync()).toBe(100_001)
    expect(gradients(y.sum(), [x])[0].itemSync()).toBe(1)
  })

  it('takes 20,000 terms that read one tensor', () => {
    const x = tensor([2])
    const terms = Array.from({ length: 20_000 }, () => x.mul(0.5))
    let total: Tensor = terms[0]
    for (const term of terms.slice(1)) total = total.add(term)
    expect(total.itemSync()).toBe(20_000)
    expect(gradients(total.sum(), [x])[0].itemSync()).toBe(10_000)
  })
})
