import { beforeEach, describe, expect, it } from 'vitest'
import { compile, realize, type Tensor, tensor } from '../index.ts'
import { FarBackend } from './__fixtures__/far-backend.ts'
import { registerBackend } from './devices.ts'
import { hostData } from './host-data.ts'

describe('hostData', () => {
  it('computes on the CPU, and gives copies', () => {
    const x = tensor([1, 2])
    const copy = hostData(x)
    expect([copy, hostData(x.mul(2))]).toEqual([Float32Array.of(1, 2), Float32Array.of(2, 4)])
    copy?.fill(0)
    expect(x.dataSync()).toEqual(Float32Array.of(1, 2))
  })

  it('gives nothing inside of a compiled function, but for what was known before', () => {
    const known = tensor([7])
    const found: unknown[] = []
    compile((x: Tensor) => {
      found.push(hostData(x), hostData(x.add(1)), hostData(known))
      return x.mul(2)
    })(tensor([1]))
    expect(found).toEqual([null, null, Float32Array.of(7)])
  })

  it('refuses a tensor that is no more', () => {
    const x = tensor([1])
    x.dispose()
    expect(() => hostData(x)).toThrow('hostData: tensor used after dispose (created by tensor [1])')
  })
})

describe('hostData of another device', () => {
  let far: FarBackend
  beforeEach(() => {
    far = new FarBackend()
    registerBackend(far)
  })

  it('gives what was made from data and never waits', async () => {
    const x = tensor([1, 2], { device: 'webgpu' })
    const y = x.add(1)
    expect([hostData(x), hostData(y)]).toEqual([Float32Array.of(1, 2), null])
    await realize(y)
    expect([hostData(y), far.asked]).toEqual([null, [['add']]])
  })

  it('is computed by the CPU when the device is gone', async () => {
    const x = tensor([1, 2], { device: 'webgpu' })
    const lives = await x.mul(2).data()
    far.isThere = false
    expect([lives, await x.mul(3).data()]).toEqual([Float32Array.of(2, 4), Float32Array.of(3, 6)])
    expect(far.asked).toEqual([['mul']])
  })
})
