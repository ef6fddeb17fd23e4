import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  arange,
  Buffer,
  checkpoint,
  compile,
  explain,
  full,
  gradients,
  linspace,
  Module,
  memory,
  normal,
  Parameter,
  profile,
  randomKey,
  realize,
  SurprisalError,
  setDefaultDevice,
  type Tensor,
  tensor,
  withMemoryLimit,
  zeros,
} from '../index.ts'
import { nodeOf } from '../tensor.ts'
import { FarBackend } from './__fixtures__/far-backend.ts'
import { registerBackend } from './devices.ts'

let far: FarBackend

beforeEach(() => {
  far = new FarBackend()
  registerBackend(far)
})
afterEach(() => setDefaultDevice('cpu'))

const onGpu = (data: number[]): Tensor => tensor(data, { device: 'webgpu' })
const error = (code: 'device' | 'argument', message: string) => new SurprisalError(code, message)

describe('two devices', () => {
  it('compute each its own', async () => {
    const [here, there] = [tensor([1, 2]).add(1), onGpu([3, 4]).mul(2)]
    expect([here.device, there.device]).toEqual(['cpu', 'webgpu'])
    await realize(here, there)
    expect(far.asked).toEqual([['mul']])
    expect(here.dataSync()).toEqual(Float32Array.of(2, 3))
    expect(await there.data()).toEqual(Float32Array.of(6, 8))
  })

  it('do not mix in one op', () => {
    const [here, there] = [tensor([1, 2]), onGpu([3, 4])]
    const message = (op: string, names: string) => error('device', `${op}: tensors are on different devices (${names})`)
    expect(() => here.add(there)).toThrow(message('add', 'cpu, webgpu'))
    expect(() => there.mul(2).matmul(here)).toThrow(message('matmul', 'webgpu, cpu'))
    const { consumers } = nodeOf(here, 'test')
    expect(() => here.sub(there)).toThrow(message('sub', 'cpu, webgpu'))
    expect(nodeOf(here, 'test').consumers).toBe(consumers)
  })

  it('are adapted to by numbers and by what follows from no data', async () => {
    const there = onGpu([1, 2])
    const sum = there
      .add(1)
      .add(tensor(2))
      .add(zeros([2]))
      .add(arange(2))
      .add(normal(1, [2]).mul(0))
    expect(sum.device).toBe('webgpu')
    expect(await sum.data()).toEqual(Float32Array.of(4, 6))
    expect(tensor([1, 2]).add(zeros([2])).device).toBe('cpu')
  })

  it('are named by options', () => {
    const device = 'webgpu'
    const made = [
      zeros([2], { device }),
      full([2], 3, { device }),
      arange(3, { device }),
      linspace(0, 1, 3, { device }),
    ]
    for (const x of [...made, tensor(1, { device })]) expect(() => x.add(tensor([1]))).toThrow('different devices')
    expect(() => zeros([2], { device: 'tpu' as never })).toThrow(error('device', 'zeros: device must be cpu, got tpu'))
  })
})

describe('the default device', () => {
  it('is that of tensors that do not say one', async () => {
    setDefaultDevice('webgpu')
    expect([tensor([1]).device, tensor(1).device, zeros([2]).device]).toEqual(['webgpu', 'webgpu', 'webgpu'])
    expect(await zeros([2]).add(1).data()).toEqual(Float32Array.of(1, 1))
    expect(far.asked).toEqual([['add']])
    expect(tensor([1], { device: 'cpu' }).dataSync()).toEqual(Float32Array.of(1))
  })

  it('is what memory, limits and profiles are about', async () => {
    setDefaultDevice('webgpu')
    expect(memory()).toMatchObject({ pooled: 7, arena: 11 })
    expect(withMemoryLimit(100, () => far.limit)).toBe(100)
    expect(far.limit).toBe(Number.POSITIVE_INFINITY)
    const { value, rows } = await profile(() => zeros([2]).add(1).sum().item())
    expect([value, rows]).toEqual([2, [{ kernel: 'far', calls: 1, milliseconds: null, bytes: 3 }]])
    expect(memory('cpu').arena).not.toBe(11)
  })
})

describe('reads of another device', () => {
  it('wait, and take the elements along that they are about', async () => {
    const x = onGpu([1, 2]).add(1)
    expect(await x.data()).toEqual(Float32Array.of(2, 3))
    expect(await x.sum().item()).toBe(5)
    expect(await x.greater(2).any().item()).toBe(true)
    expect(far.wanted).toEqual([[0], [0], [0]])
    expect(await x.data()).toEqual(Float32Array.of(2, 3))
    expect(far.asked).toHaveLength(3)
  })

  it('are not to be had at once', () => {
    for (const x of [onGpu([1]), onGpu([1]).add(1), onGpu([1]).add(1).to('cpu')]) {
      expect(() => x.dataSync()).toThrow(error('device', 'dataSync: not available on webgpu, use await data()'))
      expect(() => x.itemSync()).toThrow(error('device', 'itemSync: not available on webgpu, use await item()'))
    }
  })

  it('follow one another, so that nothing is computed twice', async () => {
    const x = onGpu([1, 2]).exp()
    await Promise.all([x.data(), x.data(), x.sum().item(), realize(x)])
    expect(far.asked.flat().filter(op => op === 'exp')).toHaveLength(1)
  })

  it('leave a value alone that the CPU has computed in the meantime', async () => {
    setDefaultDevice('webgpu')
    const x = zeros([2]).add(1)
    const reading = x.data()
    await Promise.resolve()
    expect(x.dataSync()).toEqual(Float32Array.of(1, 1))
    expect(await reading).toEqual(Float32Array.of(1, 1))
    expect(nodeOf(x, 'test').storage?.ticket.block?.device).toBeUndefined()
  })

  it('of what has no device bring it home', async () => {
    setDefaultDevice('webgpu')
    const x = zeros([2]).add(1)
    await realize(x)
    expect(() => x.dataSync()).toThrow('dataSync: not available')
    setDefaultDevice('cpu')
    const sum = x.add(tensor([1, 2]))
    expect(sum.device).toBe('cpu')
    expect(() => sum.dataSync()).toThrow('dataSync: not available')
    expect(await sum.data()).toEqual(Float32Array.of(2, 3))
    expect(x.dataSync()).toEqual(Float32Array.of(1, 1))
  })

  it('are refused inside of a compiled function', async () => {
    let failed: (reason: unknown) => void = () => {}
    const failure = new Promise(resolve => {
      failed = resolve
    })
    const f = compile((x: Tensor) => {
      x.add(1).data().catch(failed)
      return x.mul(2)
    })
    f(tensor([1]))
    expect(await failure).toEqual(error('argument', 'data: cannot read a tensor inside of a compiled function'))
  })

  it('advance the cells on their way', async () => {
    setDefaultDevice('webgpu')
    const cell = new Parameter(tensor([1]))
    for (let i = 0; i < 3; i++) {
      const next = cell.value.add(1)
      cell.assign(next)
      expect(await next.sum().item()).toBe(i + 2)
    }
    expect(far.asked.map(ops => ops.length)).toEqual([2, 2, 2])
    expect(cell.value.device).toBe('webgpu')
  })
})

describe('copies between devices', () => {
  it('are made when they are read, once', async () => {
    const x = tensor([1, 2]).add(1)
    const there = x.to('webgpu')
    expect(nodeOf(x, 'test').storage).toBeNull()
    const y = there.mul(2)
    expect(await y.data()).toEqual(Float32Array.of(4, 6))
    expect(await there.add(1).data()).toEqual(Float32Array.of(3, 4))
    expect(far.asked).toEqual([['mul'], ['add']])
    expect(x.dataSync()).toEqual(Float32Array.of(2, 3))
  })

  it('go there and back and there again in one read', async () => {
    const x = tensor([1, 2]).to('webgpu').mul(2).to('cpu').add(1).to('webgpu').mul(10)
    expect(await x.data()).toEqual(Float32Array.of(30, 50))
  })

  it('are none on the same device', () => {
    const x = tensor([1, 2])
    expect(nodeOf(x.to('cpu'), 'test')).toBe(nodeOf(x, 'test'))
  })

  it('bind what has no device', async () => {
    const x = zeros([2]).to('webgpu')
    expect(() => x.add(tensor([1, 2]))).toThrow('different devices')
    expect(await x.add(1).data()).toEqual(Float32Array.of(1, 1))
    expect(far.asked).toEqual([['add']])
  })

  it('let gradients come back', async () => {
    const x = tensor([1, 2])
    const loss = x.to('webgpu').square().to('cpu').mul(3).sum()
    const [grad] = gradients(loss, [x])
    expect(await grad.data()).toEqual(Float32Array.of(6, 12))
    const again = checkpoint((y: Tensor) => y.to('webgpu').square().to('cpu').sum())(x)
    expect(await gradients(again, [x])[0].data()).toEqual(Float32Array.of(2, 4))
  })
})

describe('explain', () => {
  it('asks each device for its own part', async () => {
    const [here, there] = [tensor([1, 2]).add(1), onGpu([3, 4]).cumsum().mul(2)]
    const { groups, temporaryBytes } = explain(here, there)
    expect(groups.map(({ device, kind, dispatches }) => [device, kind, dispatches])).toEqual([
      ['cpu', 'pointwise', undefined],
      ['webgpu', 'scan', 0],
      ['webgpu', 'pointwise', 1],
    ])
    expect(temporaryBytes).toBe(5)
    expect(far.asked).toEqual([])
    expect(explain(there).toString()).toBe(
      `0: scan sum [2]  reads 8 B, writes 8 B, 0 dispatches
     cumsum: made by scan, which does not fuse
1: pointwise mul [2]  reads 8 B, writes 8 B, 1 dispatch
     mul: asked for
temporary: 5 B, 1 dispatch on webgpu`,
    )
  })

  it('has nothing to say of what is there, or waits for a copy', async () => {
    const x = onGpu([1]).add(1)
    await realize(x)
    expect(explain(x).toString()).toBe('temporary: 0 B')
    const copied = x.to('cpu').add(1)
    expect(() => explain(copied)).toThrow(
      error('argument', 'explain: copies between devices must be made before (await realize(...) them)'),
    )
  })
})

describe('a device that is gone', () => {
  it('leaves its work to the CPU, profiles too', async () => {
    setDefaultDevice('webgpu')
    far.isThere = false
    const x = tensor([1, 2]).add(1)
    const { value, rows } = await profile(() => x.sum().item())
    expect([value, x.device, far.asked]).toEqual([5, 'webgpu', []])
    expect(rows.map(({ milliseconds }) => typeof milliseconds)).toEqual(['number'])
  })
})

describe('a compiled function', () => {
  it('is called as it is where another device has to do with it', async () => {
    const cell = new Parameter(onGpu([10]))
    const f = compile((x: Tensor) => x.mul(2))
    const g = compile((x: number) => cell.value.mul(x))
    expect(f(tensor([1])).itemSync()).toBe(2)
    expect(await f(onGpu([2])).item()).toBe(4)
    expect(await (await f.async(onGpu([3]))).item()).toBe(6)
    expect(await g(3).item()).toBe(30)
    setDefaultDevice('webgpu')
    expect(await f(tensor([5])).item()).toBe(10)
  })
})

class Scale extends Module {
  weight = new Parameter(tensor([3]))
  offset = new Buffer(tensor([1]))
  twin = this.weight

  forward(x: Tensor): Tensor {
    return x.mul(this.weight).add(this.offset)
  }
}

describe('a module', () => {
  it('moves from device to device, and trains there', async () => {
    const module = new Scale().to('webgpu')
    expect(await module.forward(onGpu([2])).data()).toEqual(Float32Array.of(7))
    const [grad] = gradients(module.forward(onGpu([2])).sum(), [module.weight])
    module.weight.assign(module.weight.value.sub(grad))
    expect(await module.twin.value.data()).toEqual(Float32Array.of(1))
    module.to('cpu')
    await realize(module.weight, module.offset)
    expect(module.forward(tensor([2])).dataSync()).toEqual(Float32Array.of(3))
  })
})

describe('a loop that nobody reads', () => {
  it('is computed on its device in the background', async () => {
    let x = onGpu([0])
    for (let i = 0; i < 20_100; i++) x = x.add(1)
    expect(nodeOf(x, 'test').storage).toBeNull()
    expect(await x.item()).toBe(20_100)
    expect(far.asked.length).toBeGreaterThan(1)
  }, 30_000)
})

it('random draws have no device until they meet one', async () => {
  const draw = normal(randomKey(1), [3])
  expect(await draw.add(onGpu([0, 0, 0])).data()).toEqual(draw.dataSync())
})
