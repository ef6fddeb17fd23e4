import { embedding, explain, inverse, profile, tensor, zeros } from '@surprisal/tensor'
import { expect, it } from 'vitest'
import { describeGpu, gpu } from '../__fixtures__/gpu.ts'
import { type TappedGpu, tapGpu } from '../__fixtures__/tapped-gpu.ts'
import { onDevice } from './__fixtures__/on-device.ts'

const tapped: TappedGpu = tapGpu(gpu as GPU)
const device = (): GPUDevice => tapped.devices[tapped.devices.length - 1]

/**
 * Lets so many buffers find no memory, or all of them.
 * @returns what ends that
 */
function runShort(buffers: number): () => void {
  const own = device()
  const pop = own.popErrorScope.bind(own)
  let left = buffers
  own.popErrorScope = async () => {
    left -= 1
    const isShort = left >= 0
    const error = await pop()
    return isShort ? new (class GPUOutOfMemoryError extends Error {})('no room') : error
  }
  return () => {
    left = 0
  }
}

/** Puts a mistake into the next shader. */
function breakShader(): void {
  const own = device()
  const create = own.createShaderModule.bind(own)
  own.createShaderModule = descriptor => {
    own.createShaderModule = create
    return create({ ...descriptor, code: descriptor.code.replace('@compute', 'const wrong: i32 = 1.5; @compute') })
  }
}

describeGpu('an evaluation', { timeout: 10_000 }, () => {
  const runtime = onDevice({ gpu: tapped.gpu, limits: 'minimum' })

  it('refuses a tensor beyond the limit, and the next one works', async () => {
    const message = 'webgpu: tensor [40000, 40000] of 6.0 GiB exceeds the device limit of 128 MiB'
    await expect(zeros([40_000, 40_000]).add(1).data()).rejects.toThrow(message)
    expect(await zeros([2]).add(1).data()).toEqual(Float32Array.of(1, 1))
  })

  it('names the kernel that does not compile, and the next one works', async () => {
    breakShader()
    const x = tensor([1, 2]).tanh().mul(3)
    await expect(x.data()).rejects.toThrow(
      /^pointwise tanh mul \[2\]: shader does not compile: .* at line \d+: @compute.*$/,
    )
    expect((await x.data())[0]).toBeCloseTo(3 * Math.tanh(1), 5)
  })

  it('tries again where there was no memory at first, with the data it was given', async () => {
    const data = Float32Array.from({ length: 40_000 }, (_, i) => i % 5)
    runtime().alloc(5000).free()
    runShort(1)
    expect(await tensor(data).add(1).sum().item()).toBe(120_000)
  })

  it('says what memory it lacks and what is held, and the next one works', async () => {
    const x = tensor(Float32Array.from({ length: 70_000 }, (_, i) => i % 7))
    const end = runShort(Number.POSITIVE_INFINITY)
    await expect(x.mul(2).data()).rejects.toThrow(
      /^webgpu: out of memory allocating 288 KiB for upload \(pooled .*, live .*\)$/,
    )
    end()
    expect((await x.mul(2).data()).slice(5, 9)).toEqual(Float32Array.of(10, 12, 0, 2))
    const held = await tensor([1]).add(1).data()
    expect(held).toEqual(Float32Array.of(2))
  })
})

describeGpu('errors for those who look for them', { timeout: 10_000 }, () => {
  onDevice({ gpu: tapped.gpu, debug: true, features: [] })

  it('hold the source of a shader, line by line', async () => {
    breakShader()
    const error: Error = await tensor([1, 2])
      .tanh()
      .data()
      .catch(reason => reason)
    expect(error.message).toMatch(/^pointwise tanh \[2\]: shader does not compile: /)
    expect(error.message).toMatch(/\n +1 \| /)
    const [, line] = /at line (\d+): @compute/.exec(error.message) ?? []
    expect(error.message).toMatch(new RegExp(`\\n *${line} \\| @compute`))
  })

  it('count and weigh kernels where the device has no clock', async () => {
    const { value, rows } = await profile(() => tensor([1, 2, 3]).mul(2).cumsum().data())
    expect(value).toEqual(Float32Array.of(2, 6, 12))
    expect(rows.map(({ calls, milliseconds }) => [calls, milliseconds])).toEqual(rows.map(() => [1, null]))
    for (const { bytes } of rows) expect(bytes).toBeGreaterThanOrEqual(24)
  })
})

describeGpu('explain', { timeout: 10_000 }, () => {
  const runtime = onDevice({ gpu: tapped.gpu })

  it('shows the plan of the device, and computes nothing', async () => {
    const before = runtime().stats()
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    const y = x.matmul(x).relu().add(1).softmax()
    const { groups } = explain(y)
    expect(groups.map(({ device: name, kind, shape }) => [name, kind, shape])).toEqual([
      ['webgpu', 'contract', [1, 2, 2]],
      ['webgpu', 'rows', [2, 2]],
    ])
    const expected = groups.reduce((sum, { dispatches }) => sum + Number(dispatches), 0)
    expect(explain(y).toString().split('\n').at(-1)).toMatch(new RegExp(`, ${expected} dispatches on webgpu$`))
    expect(runtime().stats()).toEqual(before)
    await y.data()
    expect(runtime().stats().dispatches - before.dispatches).toBe(expected)
    expect(explain(y).groups).toEqual([])
  })

  it('says what the host has to do', () => {
    const indices = tensor([0, 1], { dtype: 'int32' })
    const table = tensor([4, 1, 1, 2], { shape: [2, 2] })
    const text = explain(inverse(embedding(table, indices).mul(2))).toString()
    expect(text).toContain(', on the host')
    expect(text).toMatch(/^ {5}inverse: asked for$/m)
  })
})
