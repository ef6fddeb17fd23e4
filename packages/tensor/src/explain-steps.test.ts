import { describe, expect, it } from 'vitest'
import { explainSteps } from './explain-steps.ts'
import { planSteps } from './fusion/steps.ts'
import { trace } from './fusion/trace.ts'
import { type Tensor, tensor } from './index.ts'
import { nodeOf } from './tensor.ts'
import { isFusible } from './wasm/compile-plan.ts'

const stepsOf = (...tensors: Tensor[]) => planSteps(trace(tensors.map(x => nodeOf(x, 'test'))), isFusible)

describe('the explanation of a plan', () => {
  const x = tensor([1, 2, 3, 4], { shape: [2, 2] })

  it('names what fused, what it moves, and why it is stored', () => {
    const plan = stepsOf(x.matmul(x).relu().mul(2))
    const explained = explainSteps(plan, { device: 'cpu', temporaryBytes: 0 })
    expect(explained.groups).toEqual([
      {
        device: 'cpu',
        kind: 'contract',
        ops: ['less', 'select', 'mul'],
        shape: [2, 2],
        bytesRead: 16,
        bytesWritten: 16,
        stores: ['mul: asked for'],
      },
    ])
    expect(explained.toString().split('\n').at(-1)).toBe('temporary: 0 B')
  })

  it('says why a value was not fused with what it was made from', () => {
    const reasons = (y: Tensor) =>
      explainSteps(stepsOf(y), { device: 'cpu', temporaryBytes: 0 }).groups.flatMap(({ stores }) => stores)
    expect(reasons(x.exp().cumsum({ dim: 1 }))).toContain('exp: read by scan, which does not fuse')
    expect(reasons(x.cumsum({ dim: 1 }).mul(2))).toContain('cumsum: made by scan, which does not fuse')
    expect(reasons(x.exp().matmul(x).relu())).toContain('exp: read by contract, which does not fuse')
  })

  it('counts the shaders of a GPU, and what the host does in its place', () => {
    const plan = stepsOf(x.cumsum({ dim: 1 }).exp())
    const kernels = [null, { dispatches: 3 }]
    const explained = explainSteps(plan, { device: 'webgpu', temporaryBytes: 16, kernels })
    expect(explained.groups.map(({ device, dispatches }) => [device, dispatches])).toEqual([
      ['webgpu', null],
      ['webgpu', 3],
    ])
    expect(explained.toString()).toBe(
      `0: scan sum [2, 2]  reads 16 B, writes 16 B, on the host
     cumsum: made by scan, which does not fuse
1: pointwise exp [2, 2]  reads 16 B, writes 16 B, 3 dispatches
     exp: asked for
temporary: 16 B, 3 dispatches on webgpu`,
    )
  })
})
