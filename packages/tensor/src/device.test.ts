import { describe, expect, it } from 'vitest'
import { type Device, ready, SurprisalError, setDefaultDevice, tensor } from './index.ts'

const hint = "(await useDevice('webgpu') of @surprisal/webgpu-runtime first)"

describe('devices', () => {
  it('beside these two do not exist', () => {
    expect(() => setDefaultDevice('tpu' as Device)).toThrow(
      new SurprisalError('device', 'setDefaultDevice: device must be cpu, got tpu'),
    )
  })

  it('are the CPU alone until others are set up, ready at once', async () => {
    await expect(ready()).resolves.toBeUndefined()
    expect(() => setDefaultDevice('cpu')).not.toThrow()
    expect(tensor([1]).device).toBe('cpu')
  })

  it('are named in the error for another one', () => {
    expect(() => setDefaultDevice('webgpu' as Device)).toThrow(
      new SurprisalError('device', `setDefaultDevice: device must be cpu, got webgpu ${hint}`),
    )
    expect(() => tensor([1]).to('webgpu' as Device)).toThrow(
      new SurprisalError('device', `to: device must be cpu, got webgpu ${hint}`),
    )
  })

  it('give the same values and gradients through to', async () => {
    const x = tensor([1, 2])
    expect(Array.from(await x.to('cpu').data())).toEqual([1, 2])
  })
})
