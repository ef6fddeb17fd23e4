import { arange, cat, cholesky, matmul, sum, type Tensor } from '@surprisal/tensor'
import { type KernelStep, nodeOf, planSteps, type Steps, trace } from '@surprisal/tensor/backend'
import { expect, it } from 'vitest'
import { expectAgreement } from '../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { sample } from '../__fixtures__/sample.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'
import { GroupRunner } from '../groups/group-runner.ts'
import { isFusible } from '../wgsl/fusible.ts'
import { buffersOf, elementsIn, lowerStep } from './lower-step.ts'

const limits = { maxStorageBuffersPerShaderStage: 8 }
const planOf = (...tensors: Tensor[]): Steps => planSteps(trace(tensors.map(t => nodeOf(t, 'test'))), isFusible)
const only = ({ steps }: Steps): KernelStep => {
  expect(steps.length).toBe(1)
  return steps[0] as KernelStep
}

it('numbers the buffers of a step: operands, then the result', () => {
  const plan = planOf(cat([sample('float32', [2]), sample('float32', [3], 2)]))
  const step = only(plan)
  expect(buffersOf(step).map(value => plan.values[value].node.shape)).toEqual([[2], [3], [5]])
})

it('numbers the buffers of what follows on a product before the operands', () => {
  const plan = planOf(matmul(sample('float32', [6, 7]), sample('float32', [7, 8])).add(sample('float32', [8])))
  const step = only(plan)
  expect(step.kind).toBe('product')
  const shapes = buffersOf(step).map(value => plan.values[value].node.shape.join())
  expect(shapes.slice(-2)).toEqual(['6,7', '7,8'])
  expect([...shapes.slice(0, -2)].sort()).toEqual(['1,6,8', '6,8', '8'])
})

it('takes a number for one element, whatever it is repeated over', () => {
  const { values } = planOf(sample('float32', [3, 4]).mul(2))
  expect(values.filter(({ role }) => role === 'number').map(elementsIn)).toEqual([1])
})

it('has no kernel for what only a plain loop can do', () => {
  const plan = planOf(cholesky(sample('float32', [2, 2])))
  const singles = plan.steps.filter(({ kind }) => kind === 'single') as KernelStep[]
  expect(singles.map(step => lowerStep(step, plan.values, { limits }))).toContain(null)
})

it('does not add to halves, nor to what something follows on', () => {
  const halves = planOf(matmul(sample('float16', [6, 7]), sample('float16', [7, 8])))
  const following = planOf(matmul(sample('float32', [6, 7]), sample('float32', [7, 8])).mul(2))
  for (const plan of [halves, following])
    expect(lowerStep(plan.steps.at(-1) as KernelStep, plan.values, { limits, accumulate: true })).toBeNull()
})

it('gives equal code for other sizes', () => {
  const code = (n: number): string[] => {
    const plan = planOf(matmul(sample('float32', [n, 24]), sample('float32', [24, 2 * n])))
    return (lowerStep(only(plan), plan.values, { limits })?.kernels ?? []).map(({ wgsl }) => wgsl)
  }
  expect(code(32)).toEqual(code(20))
})

describeGpu('whole plans', () => {
  const runtime = withRuntime()

  it('run step after step', async () => {
    const { plain, steps } = await expectAgreement(
      runtime(),
      () => {
        const x = sample('float32', [6, 20])
        const scores = matmul(x, x.transpose(0, 1)).div(20).softmax({ dim: -1 })
        return [cat([matmul(scores, x), x]), sum(scores, { dim: 0 }), arange(4).add(1)]
      },
      { tolerance: 1e-4, absolute: 1e-4 },
    )
    expect(plain).toBe(0)
    expect(steps.length).toBeGreaterThan(3)
  })

  it('add to what is there', async () => {
    const { values, steps } = planOf(matmul(sample('int32', [20, 5]), sample('int32', [5, 30], 2)))
    expect(steps.length).toBeGreaterThan(0)
    const lowered = lowerStep(steps.at(-1) as KernelStep, values, { limits, accumulate: true })
    const [a, b] = [new Int32Array(100).fill(2), new Int32Array(150).fill(3)].map(x => runtime().upload(x))
    const out = runtime().upload(new Int32Array(600).fill(7))
    new GroupRunner(runtime()).runStep({ name: 'add', step: lowered as never, buffers: [a, b, out], scalars: [] })
    expect([...new Int32Array(await runtime().read(out))]).toEqual(Array(600).fill(37))
  })
})
