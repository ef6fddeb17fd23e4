import {
  add,
  argsort,
  compile,
  embedding,
  gradients,
  matmul,
  memory,
  normal,
  Parameter,
  profile,
  randomKey,
  realize,
  scope,
  setDefaultDevice,
  solve,
  type Tensor,
  tensor,
  withMemoryLimit,
  zeros,
} from '@surprisal/tensor'
import { afterEach, expect, it } from 'vitest'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { onDevice } from './__fixtures__/on-device.ts'

const bytesOf = ({ size }: Tensor) => 4 * size
const int = (values: number[]) => tensor(values, { dtype: 'int32' })

describeGpu('tensors on the device', () => {
  const runtime = onDevice()

  it('are computed there and read back', async () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    const y = matmul(x, x).add(1)
    expect(y.device).toBe('webgpu')
    expect(await y.data()).toEqual(Float32Array.of(8, 11, 16, 23))
    expect(await y.sum().item()).toBe(58)
    expect(await y.greater(10).data()).toEqual(Uint8Array.of(0, 1, 1, 1))
    expect(await y.greater(10).all().item()).toBe(false)
  })

  it('are computed once, in one submission with what is read', async () => {
    const before = runtime().stats()
    const y = tensor([1, 2, 3]).exp()
    await y.data()
    const between = runtime().stats()
    await y.data()
    const after = runtime().stats()
    expect([between.submissions - before.submissions, between.dispatches - before.dispatches]).toEqual([1, 1])
    expect([after.submissions - between.submissions, after.dispatches]).toEqual([1, between.dispatches])
  })

  it('compile nothing again for other numbers and other data', async () => {
    const step = (rate: number, data: number[]) => tensor(data).mul(rate).tanh().sum().item()
    await step(0.1, [1, 2, 3])
    const { pipelinesCompiled } = runtime().stats()
    expect(await step(0.3, [4, 5, 6])).toBeCloseTo(Math.tanh(1.2) + Math.tanh(1.5) + Math.tanh(1.8), 5)
    expect(runtime().stats().pipelinesCompiled).toBe(pipelinesCompiled)
  })

  it('of every dtype go there and back', async () => {
    for (const dtype of ['float32', 'float16', 'int32', 'uint8', 'int8', 'bool'] as const) {
      const x = tensor([0, 1, 1, 0, 1], { dtype })
      const parts = await x.add(tensor([0, 0, 0, 0, 0], { dtype })).data()
      expect(Array.from(parts), dtype).toEqual([0, 1, 1, 0, 1])
    }
  })

  it('of no elements are no work', async () => {
    expect(await zeros([0, 3]).add(1).data()).toEqual(new Float32Array(0))
    expect(
      await tensor([], { shape: [2, 0] })
        .sum({ dim: 1 })
        .data(),
    ).toEqual(new Float32Array(2))
  })

  it('are computed on the host where there is no kernel, in the midst of a plan', async () => {
    const a = tensor([
      [2, 0],
      [0, 4],
    ])
    expect(
      await solve(a.mul(2), tensor([4, 8]))
        .add(1)
        .data(),
    ).toEqual(Float32Array.of(2, 2))
    expect(await argsort(tensor([3, 1, 2])).data()).toEqual(Int32Array.of(1, 2, 0))
  })

  it('are there until a plan that waits for the host is over, whoever lets go of them', async () => {
    const a = tensor([
      [2, 0],
      [0, 4],
    ])
    const b = tensor([4, 8])
    const { live } = memory()
    const x = scope(() => solve(a, b.add(0)).mul(b))
    const reading = x.data()
    for (let i = 0; i < 3; i++) await Promise.resolve()
    expect(memory().live - live).toBe(bytesOf(a) + bytesOf(b))
    for (const t of [b, x]) t.dispose()
    expect(memory().live - live).toBe(bytesOf(a) + bytesOf(b))
    expect(await reading).toEqual(Float32Array.of(8, 16))
    expect(memory().live - live).toBe(bytesOf(a) + bytesOf(x))
  })

  it('wait for one another', async () => {
    const x = tensor([1, 2]).mul(3)
    const [a, b, c] = await Promise.all([x.sum().item(), x.data(), x.add(1).mul(2).data()])
    expect([a, b, c]).toEqual([9, Float32Array.of(3, 6), Float32Array.of(8, 14)])
  })

  it('read cells before and after an assignment', async () => {
    const cell = new Parameter(tensor([1, 2]))
    const before = add(cell, 0.5)
    cell.assign(add(cell, 10))
    await realize(before)
    expect([await before.data(), await cell.value.data()]).toEqual([Float32Array.of(1.5, 2.5), Float32Array.of(11, 12)])
  })
})

describeGpu('a read on the device that goes wrong', () => {
  const runtime = onDevice()

  it('throws the message of the op, and nothing has changed', async () => {
    const table = normal(randomKey(1), [4, 2])
    const cell = new Parameter(tensor([1]))
    const wrong = embedding(table, int([0, 7]))
    cell.assign(add(cell, wrong.sum()))
    const message = 'embedding: index 7 is out of range for dim 0 with size 4'
    await expect(cell.value.data()).rejects.toThrow(message)
    await expect(wrong.data()).rejects.toThrow(message)
    expect((await embedding(table, int([3])).data()).length).toBe(2)
  })

  it('gives back the memory of its plan', async () => {
    const fails = () =>
      embedding(normal(randomKey(1), [4, 2]), int([9]))
        .mul(2)
        .data()
    await expect(fails()).rejects.toThrow('index 9')
    const { live } = runtime().memory()
    for (let i = 0; i < 3; i++) await expect(fails()).rejects.toThrow('index 9')
    expect(runtime().memory().live).toBeLessThanOrEqual(live + 3 * 256)
  })

  it('is refused at once where the device gives nothing without waiting', () => {
    const x = tensor([1, 2])
    expect(() => x.dataSync()).toThrow('dataSync: not available on webgpu, use await data()')
    expect(() => x.sum().itemSync()).toThrow('itemSync: not available on webgpu, use await item()')
  })

  it('may exceed a limit', async () => {
    const wide = () => withMemoryLimit(2 ** 20, () => zeros([1024, 1024]).add(1).data())
    await expect(wide()).rejects.toThrow(
      /^data: plan needs [\d.]+ MiB, limit is 1 MiB \(largest: add \[1024, 1024\] 4 MiB\)$/,
    )
    expect((await withMemoryLimit(2 ** 20, () => zeros([4]).data())).length).toBe(4)
  })
})

describeGpu('what belongs to a device', () => {
  const runtime = onDevice()
  afterEach(() => setDefaultDevice('webgpu'))

  it('is counted there', async () => {
    const before = [memory('cpu').live, memory('webgpu').live]
    const x = tensor(new Float32Array(1000)).add(1)
    await realize(x)
    expect([memory('cpu').live - before[0], memory().live - before[1]]).toEqual([0, 8000])
    x.dispose()
    expect(memory('webgpu').live - before[1]).toBe(4000)
    expect(memory().arena).toBe(runtime().memory().live + runtime().memory().pooled)
  })

  it('is measured kernel by kernel', async () => {
    const { value, rows } = await profile(() => tensor([1, 2, 3]).mul(2).sum().item())
    expect(value).toBe(12)
    expect(rows.map(({ calls }) => calls)).toEqual([1])
    expect(rows[0].kernel).toContain('rows')
    const isTimed = runtime().features.has('timestamp-query')
    expect(Number.isNaN(rows[0].milliseconds)).toBe(!isTimed)
  })

  it('is compiled by no function that records: it builds its graph anew', async () => {
    const f = compile((x: ReturnType<typeof tensor>) => x.mul(2).sum())
    expect(await f(tensor([1, 2])).item()).toBe(6)
    setDefaultDevice('cpu')
    expect(await f(tensor([1, 2], { device: 'webgpu' })).item()).toBe(6)
    expect(f(tensor([1, 2])).itemSync()).toBe(6)
  })

  it('gets gradients, through copies from and to the CPU as well', async () => {
    setDefaultDevice('cpu')
    const x = tensor([1, 2])
    const far = x.mul(3).to('webgpu').square()
    const loss = far.to('cpu').sum()
    expect([x.device, far.device, loss.device]).toEqual(['cpu', 'webgpu', 'cpu'])
    const [grad] = gradients(loss, [x])
    expect(grad.device).toBe('cpu')
    await realize(loss, grad)
    expect([loss.itemSync(), grad.dataSync()]).toEqual([45, Float32Array.of(18, 36)])
  })
})
