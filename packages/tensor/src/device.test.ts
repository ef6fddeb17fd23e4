import { describe, expect, it } from 'vitest'
import { type Device, ready, SurprisalError, setDefaultDevice, tensor } from './index.ts'

describe('devices', () => {
  it('are the CPU for now, ready at once', async () => {
    await expect(ready()).resolves.toBeUndefined()
    expect(() => setDefaultDevice('cpu')).not.toThrow()
    expect(tensor([1]).device).toBe('cpu')
  })

  it('are named in the error for another one', () => {
    expect(() => setDefaultDevice('webgpu' as Device)).toThrow(
      new SurprisalError('device', 'setDefaultDevice: device must be cpu, got webgpu'),
    )
    expect(() => tensor([1]).to('webgpu' as Device)).toThrow(
      new SurprisalError('device', 'to: device must be cpu, got webgpu'),
    )
  })

  it('give the same values and gradients through to', async () => {
    const x = tensor([1, 2])
    expect(Array.from(await x.to('cpu').data())).toEqual([1, 2])
  })
})
