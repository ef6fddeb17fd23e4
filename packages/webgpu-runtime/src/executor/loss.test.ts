import {
  add,
  gradients,
  type HostArray,
  matmul,
  mul,
  normal,
  Parameter,
  profile,
  randomKey,
  realize,
  setDefaultDevice,
  sub,
  type Tensor,
  tensor,
} from '@surprisal/tensor'
import { nodeOf } from '@surprisal/tensor/backend'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { describeGpu, gpu } from '../__fixtures__/gpu.ts'
import { type TappedGpu, tapGpu } from '../__fixtures__/tapped-gpu.ts'
import { createRuntime } from '../runtime.ts'
import { WebGpuBackend } from './backend.ts'
import { useDevice } from './use-device.ts'

describeGpu('a device that is lost', { timeout: 10_000 }, () => {
  let tapped: TappedGpu
  const lose = () => tapped.devices.at(-1)?.destroy()
  const lost = /^webgpu: device lost \(destroyed.*\)$/

  beforeEach(async () => {
    tapped = tapGpu(gpu as GPU)
    await useDevice('webgpu', { gpu: tapped.gpu })
  })
  afterEach(() => {
    setDefaultDevice('cpu')
    lose()
    vi.restoreAllMocks()
  })

  it('rejects a read that is under way, and the next one takes another device', async () => {
    const x = normal(randomKey(3), [100]).exp()
    const reading = x.sum().item()
    lose()
    await expect(reading).rejects.toThrow(lost)
    expect(await tensor([1, 2]).mul(2).data()).toEqual(Float32Array.of(2, 4))
    expect(tapped.devices).toHaveLength(2)
    setDefaultDevice('cpu')
    const wanted = normal(randomKey(3), [100]).exp().sum().itemSync() as number
    expect(Math.abs(((await x.sum().item()) as number) / wanted - 1)).toBeLessThan(1e-5)
  })

  it.each([0, 1, 2, 3, 5, 8, 13, 21, 34])('hangs nowhere, %i turns after a read has begun', async turns => {
    const x = tensor([1, 2, 3])
    await x.data()
    const reading = matmul(x.reshape([3, 1]), x.reshape([1, 3]))
      .softmax()
      .data()
    const outcome = reading.then(
      data => data.length,
      error => error.message,
    )
    for (let i = 0; i < turns; i++) await Promise.resolve()
    lose()
    expect(String(await outcome)).toMatch(/^(9|webgpu: device lost \(destroyed.*\))$/)
    expect(await x.sum().item()).toBe(6)
  })

  it.each([0, 2, 5, 20, 60])('hangs nowhere when errors are looked for, %i turns after', async turns => {
    await useDevice('webgpu', { gpu: tapped.gpu, debug: true })
    const reading = tensor([1, 2, 3]).cumsum().softmax().data()
    const outcome = reading.then(
      data => data.length,
      error => error.message,
    )
    for (let i = 0; i < turns; i++) await Promise.resolve()
    lose()
    expect(String(await outcome)).toMatch(/^(3|webgpu: device lost \(destroyed.*\))$/)
    expect(await tensor([4]).add(1).item()).toBe(5)
  })

  it('ends a profile', async () => {
    const measured = profile(async () => {
      const read = tensor([1, 2]).exp().data()
      lose()
      return read
    })
    await expect(measured).rejects.toThrow(lost)
    expect((await profile(() => tensor([1, 2]).sum().item())).value).toBe(3)
  })

  it('keeps what was made from data and what waits to be computed from it', async () => {
    const given = tensor([1, 2])
    await given.sum().item()
    const waiting = given.mul(3)
    const cell = new Parameter(tensor([5]))
    lose()
    await tapped.devices[0].lost
    expect(await waiting.data()).toEqual(Float32Array.of(3, 6))
    expect(await add(cell, given).data()).toEqual(Float32Array.of(6, 7))
  })

  it('says what has gone with it, and lets nothing pass for it', async () => {
    const computed = matmul(tensor([[1, 2]]), tensor([[3], [4]]))
    const behind = computed.add(1)
    await realize(computed)
    lose()
    await tapped.devices[0].lost
    const gone = 'webgpu: tensor belongs to a lost device (matmul [1, 1])'
    for (let i = 0; i < 2; i++) {
      await expect(computed.data()).rejects.toThrow(gone)
      await expect(behind.data()).rejects.toThrow(gone)
      await expect(behind.to('cpu').data()).rejects.toThrow(gone)
    }
    expect(await tensor([1]).add(1).data()).toEqual(Float32Array.of(2))
  })

  it('ends a training loop, which goes on from what was saved', async () => {
    const data = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    const step = async (w: Parameter): Promise<number> => {
      const loss = sub(matmul(data, w), tensor([[5], [11], [17]]))
        .square()
        .mean()
      const [grad] = gradients(loss, [w])
      w.assign(sub(w, mul(grad, 0.01)))
      return (await loss.item()) as number
    }
    const train = async (w: Parameter, from: number, to: number, onStep = async (_: number) => {}) => {
      const losses: number[] = []
      for (let i = from; i < to; i++) {
        losses.push(await step(w))
        await onStep(i)
      }
      return losses
    }
    const fresh = () => new Parameter(tensor([[0], [0]]))
    const whole = await train(fresh(), 0, 12)

    let saved: HostArray = new Float32Array(0)
    const w = fresh()
    const broken = train(w, 0, 12, async i => {
      if (i === 5) saved = await w.value.data()
      if (i === 7) lose()
    })
    await expect(broken).rejects.toThrow(/^webgpu: (device lost|tensor belongs to a lost device)/)
    await expect(w.value.data()).rejects.toThrow('webgpu: tensor belongs to a lost device (parameter [2, 1])')

    const rest = await train(new Parameter(tensor(saved, { shape: [2, 1] })), 6, 12)
    for (const [i, loss] of rest.entries()) expect(loss).toBeCloseTo(whole[6 + i], 4)
  })

  it.each([{ fusion: false }, { loops: { largeBytes: 100, blockBytes: 50, fewestRows: 1 } }])(
    'is followed by one that plans as it did: %o',
    async options => {
      const [first, second] = [await createRuntime({ gpu: tapped.gpu }), await createRuntime({ gpu: tapped.gpu })]
      const backend = new WebGpuBackend(first, async () => second, options)
      const x = tensor(new Float32Array(48), { shape: [16, 3] })
      const target = nodeOf(matmul(matmul(x, x.transpose(0, 1)).softmax({ dim: -1 }), x), 'test')
      const kindsOf = (planner: WebGpuBackend) => planner.explain([target]).groups.map(({ kind }) => kind)
      const before = kindsOf(backend)
      expect(before).not.toEqual(kindsOf(new WebGpuBackend(first)))
      first.destroy()
      expect(await backend.isReady()).toBe(true)
      expect(backend.runtime).toBe(second)
      expect(kindsOf(backend)).toEqual(before)
    },
  )

  it('is taken again by useDevice, with the options of before', async () => {
    lose()
    await tapped.devices[0].lost
    await useDevice('webgpu')
    expect(tapped.devices).toHaveLength(2)
    expect(await tensor([1, 2]).sum().item()).toBe(3)
    await useDevice('webgpu')
    expect(tapped.devices).toHaveLength(2)
  })

  it('leaves its work to the CPU where there is no other, with one warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const given = tensor([1, 2])
    const computed = given.exp()
    await realize(given.add(0), computed)
    lose()
    await tapped.devices[0].lost
    tapped.noAdapter = true
    const sum: Tensor = given.mul(3).sum()
    expect([await sum.item(), sum.device]).toEqual([9, 'webgpu'])
    expect(await given.add(tensor([1, 1])).data()).toEqual(Float32Array.of(2, 3))
    expect((await profile(() => given.sum().item())).value).toBe(3)
    await expect(computed.add(1).data()).rejects.toThrow('webgpu: tensor belongs to a lost device (exp [2])')
    await useDevice('webgpu')
    expect(tensor([1]).device).toBe('cpu')
    expect(warn.mock.calls).toEqual([['webgpu: no adapter; the CPU computes instead']])

    tapped.noAdapter = false
    await useDevice('webgpu')
    expect(await given.mul(2).data()).toEqual(Float32Array.of(2, 4))
    expect([tapped.devices.length, warn.mock.calls.length]).toEqual([2, 1])
  })
})
