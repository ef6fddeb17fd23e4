import {
  gradients,
  logSoftmax,
  matmul,
  mul,
  Parameter,
  realize,
  setDefaultDevice,
  sub,
  sum,
  type Tensor,
  type TensorLike,
  tensor,
} from '@surprisal/tensor'
import { nodeOf, releaseStorage } from '@surprisal/tensor/backend'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'
import { WebGpuBackend } from './backend.ts'
import { registerBackend } from './use-device.ts'

const loops = { largeBytes: 900, blockBytes: 300, fewestRows: 2 }

const numbers = (shape: readonly number[], seed: number): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(seed + 1.7 * i)),
    { shape },
  )
}

const attended = (q: Tensor, k: Tensor, v: Tensor): Tensor =>
  matmul(matmul(q, k.transpose(-1, -2)).div(3).softmax({ dim: -1 }), v)

/** Scores are `[heads, length, length]`. */
function attention(heads: number, length: number, width = 8): Tensor[] {
  const [q, k, v, weights] = [1, 2, 3, 4].map(seed => numbers([heads, length, width], seed))
  const out = attended(q, k, v)
  return [out, ...gradients(sum(mul(out, weights)), [q, k, v])]
}

const targets = (): Tensor => numbers([15, 20], 3).greater(0.9).cast('float32')

const lossOf = (x: Tensor, w: TensorLike, picks: Tensor): Tensor =>
  sum(mul(logSoftmax(matmul(x, w), { dim: -1 }), picks)).neg()

function crossEntropy(): Tensor[] {
  const [x, w] = [numbers([15, 6], 1), numbers([6, 20], 2)]
  const loss = lossOf(x, w, targets())
  return [loss, ...gradients(loss, [x, w])]
}

const nodesOf = (tensors: readonly Tensor[]) => tensors.map(t => nodeOf(t, 'test'))

async function compute(backend: WebGpuBackend, tensors: readonly Tensor[]): Promise<number[][]> {
  const all = tensors.map((_, i) => i)
  const { storages, elements } = await backend.evaluate(nodesOf(tensors), 'test', all)
  for (const storage of storages) releaseStorage(storage)
  return all.map(i => Array.from(elements.get(i) as Float32Array))
}

const kindsIn = (backend: WebGpuBackend, tensors: readonly Tensor[]): string[] =>
  backend.explain(nodesOf(tensors)).groups.map(({ kind }) => kind)

async function expectAsOnCpu(got: readonly number[][], tensors: readonly Tensor[]): Promise<void> {
  for (const [i, tensor] of tensors.entries()) {
    const expected = Array.from((await tensor.data()) as Float32Array)
    expect(got[i]).toHaveLength(expected.length)
    for (const [j, value] of expected.entries()) expect(got[i][j]).toBeCloseTo(value, 4)
  }
}

describeGpu('loops over rows', () => {
  const runtime = withRuntime()
  const looping = () => new WebGpuBackend(runtime(), null, { loops })

  it.each([
    // Blocks of rows do not divide the rows.
    ['attention', () => attention(2, 13)],
    ['cross-entropy', crossEntropy],
  ])('give what the CPU gives, forward and backward, in one submission: %s', async (_, build) => {
    expect(kindsIn(looping(), build())).toContain('loop')
    const before = runtime().stats()
    const got = await compute(looping(), build())
    expect(runtime().stats().submissions - before.submissions).toBe(1)
    await expectAsOnCpu(got, build())
  })

  it('give it for any sizes and any limits', async () => {
    const size = fc.integer({ min: 1, max: 5 })
    const limits = fc.record({
      largeBytes: fc.constantFrom(0, 40, 200),
      blockBytes: fc.constantFrom(1, 60, 300),
      fewestRows: fc.constantFrom(1, 3),
    })
    let looped = 0
    await fc.assert(
      fc.asyncProperty(size, size, size, limits, async (heads, length, width, own) => {
        const backend = new WebGpuBackend(runtime(), null, { loops: own })
        const build = () => attention(heads, length, width).slice(0, 1)
        if (kindsIn(backend, build()).includes('loop')) looped += 1
        await expectAsOnCpu(await compute(backend, build()), build())
      }),
      { numRuns: 40, seed: 1 },
    )
    expect(looped).toBeGreaterThan(20)
  })

  it('need less memory than whole values', () => {
    const plain = new WebGpuBackend(runtime())
    const [less, more] = [looping(), plain].map(b => b.explain(nodesOf(attention(2, 40))).temporaryBytes)
    expect(less).toBeLessThan(0.6 * more)
  })

  it('compile nothing more for more turns', async () => {
    await compute(looping(), attention(2, 13))
    const before = runtime().stats()
    await compute(looping(), attention(5, 13))
    const after = runtime().stats()
    expect(after.pipelinesCompiled - before.pipelinesCompiled).toBe(0)
    expect(after.dispatches - before.dispatches).toBeGreaterThan(50)
  })

  it('make no buffer and no pipeline from the third step of a training on', async () => {
    registerBackend(runtime(), { loops })
    setDefaultDevice('webgpu')
    try {
      const [x, w, picks] = [numbers([15, 6], 1), new Parameter(numbers([6, 20], 2)), targets()]
      const losses: number[] = []
      const made: number[][] = []
      for (let step = 0; step < 6; step++) {
        const loss = lossOf(x, w, picks)
        const [gradient] = gradients(loss, [w])
        w.assign(sub(w, mul(gradient, 0.1)))
        await realize(loss, w)
        losses.push(Number(await loss.item()))
        loss.dispose()
        const { buffersCreated, pipelinesCompiled } = runtime().stats()
        made.push([buffersCreated, pipelinesCompiled])
      }
      expect(losses[5]).toBeLessThan(0.9 * losses[0])
      for (const step of made.slice(2)) expect(step).toEqual(made[1])
    } finally {
      setDefaultDevice('cpu')
    }
  })
})

describeGpu('values that the device cannot bind', () => {
  const runtime = withRuntime()
  /** What is asked of the device is not more, but the backend sees less. */
  const narrow = (most: number) => {
    Object.assign(runtime(), { limits: { ...runtime().limits, maxStorageBufferBindingSize: most } })
    return new WebGpuBackend(runtime())
  }
  const forward = (length: number) => attended(numbers([length, 4], 1), numbers([80, 4], 2), numbers([80, 4], 3))

  it('are made by rows where that can be done', async () => {
    const build = () => [forward(20)]
    expect(kindsIn(narrow(1600), build())).toContain('loop')
    await expectAsOnCpu(await compute(narrow(1600), build()), build())
  })

  it('are refused where not', async () => {
    await expect(compute(narrow(1600), [numbers([20, 80], 1).exp()])).rejects.toThrow(
      'webgpu: tensor [20, 80] of 6.3 KiB exceeds the device limit of 1.6 KiB',
    )
  })
})
