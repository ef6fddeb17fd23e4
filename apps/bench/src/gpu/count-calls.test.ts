import { describe, expect, it } from 'vitest'
import { countCalls } from './count-calls.ts'

/** Devices of one class, as those of an implementation are. */
function implementation(): new () => GPUDevice {
  class Pass {
    dispatchWorkgroups() {}
    dispatchWorkgroupsIndirect() {}
    end() {}
  }
  class Encoder {
    beginComputePass = () => new Pass()
    finish() {}
  }
  class Queue {
    submit() {}
  }
  class Device {
    readonly queue = new Queue()
    readonly made: unknown[] = []
    createCommandEncoder = () => new Encoder()
    createComputePipeline() {}
    async createComputePipelineAsync() {}
    createBuffer(descriptor: unknown) {
      this.made.push(descriptor)
      return { descriptor }
    }
  }
  return Device as unknown as new () => GPUDevice
}

describe('countCalls', () => {
  it('counts what any device is asked for, from then on', async () => {
    const Device = implementation()
    const counts = countCalls(new Device())
    expect(counts()).toEqual({ dispatches: 0, submissions: 0, pipelines: 0, buffers: 0 })
    const device = new Device()
    const pass = device.createCommandEncoder().beginComputePass()
    for (let i = 0; i < 3; i++) pass.dispatchWorkgroups(1)
    pass.dispatchWorkgroupsIndirect({} as GPUBuffer, 0)
    device.queue.submit([])
    device.createComputePipeline({} as GPUComputePipelineDescriptor)
    await device.createComputePipelineAsync({} as GPUComputePipelineDescriptor)
    expect(counts()).toEqual({ dispatches: 4, submissions: 1, pipelines: 2, buffers: 0 })
  })

  it('changes nothing about the calls', () => {
    const Device = implementation()
    const counts = countCalls(new Device())
    const device = new Device()
    const descriptor = { size: 4, usage: 8 }
    expect(device.createBuffer(descriptor)).toEqual({ descriptor })
    expect((device as unknown as { made: unknown[] }).made).toEqual([descriptor])
    expect(counts().buffers).toBe(1)
  })

  it('gives readings that stay as they are', () => {
    const Device = implementation()
    const counts = countCalls(new Device())
    const before = counts()
    new Device().queue.submit([])
    expect(before.submissions).toBe(0)
    expect(counts().submissions).toBe(1)
  })
})
