import { memory, setDefaultDevice } from '@surprisal/tensor'
import { expect, it } from 'vitest'
import { train } from '../../examples/train.ts'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { onDevice } from './__fixtures__/on-device.ts'

const steps = 300

async function trainOnCpu(): Promise<number[]> {
  setDefaultDevice('cpu')
  try {
    return await train(steps)
  } finally {
    setDefaultDevice('webgpu')
  }
}

describeGpu('the training example', () => {
  const runtime = onDevice()

  it('has the same losses as on the CPU, in the memory of its first steps and one submission a step', async () => {
    const onCpu = await trainOnCpu()
    const counts: number[][] = []
    const submissions: number[] = []
    const onGpu = await train(steps, () => {
      const { buffersCreated, pipelinesCompiled, submissions: made } = runtime().stats()
      const { live, pooled } = runtime().memory()
      counts.push([buffersCreated, pipelinesCompiled, live, pooled, memory().arena])
      submissions.push(made)
    })
    for (const [i, loss] of onCpu.entries()) expect(Math.abs(onGpu[i] - loss)).toBeLessThan(1e-3 * loss)
    expect(onGpu[steps - 1]).toBeLessThan(0.02 * onGpu[0])
    for (const step of counts.slice(2)) expect(step).toEqual(counts[2])
    expect(submissions.slice(1).map((made, i) => made - submissions[i])).toEqual(Array(steps - 1).fill(1))
    expect(counts[2].every(count => count > 0)).toBe(true)
  }, 60_000)
})
