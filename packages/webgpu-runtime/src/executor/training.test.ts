import { memory } from '@surprisal/tensor'
import { expect, it } from 'vitest'
import { describeGpu } from '../__fixtures__/gpu.ts'
import type { RuntimeStats } from '../device/stats.ts'
import { onDevice } from './__fixtures__/on-device.ts'
import { train } from './__fixtures__/train.ts'

describeGpu('a training loop', () => {
  const runtime = onDevice()
  const steps = 300

  it('has the same losses on the CPU and on the device, in the memory of its first steps', async () => {
    const onCpu = await train('cpu', steps)
    const stats: RuntimeStats[] = []
    const live: number[] = []
    const onGpu = await train('webgpu', steps, () => {
      stats.push(runtime().stats())
      live.push(memory().arena)
    })
    for (const [i, loss] of onCpu.entries()) expect(Math.abs(onGpu[i] - loss)).toBeLessThan(1e-3 * loss)
    expect(onGpu[steps - 1]).toBeLessThan(0.02 * onGpu[0])

    const [third, last] = [stats[2], stats[steps - 1]]
    expect(last.buffersCreated).toBe(third.buffersCreated)
    expect(last.pipelinesCompiled).toBe(third.pipelinesCompiled)
    expect(last.submissions - third.submissions).toBe(steps - 3)
    expect(live[steps - 1]).toBe(live[2])
  }, 60_000)
})
