import { expect, it } from 'vitest'
import { describeGpu, gpu } from '../__fixtures__/gpu.ts'
import { acquireDevice } from '../device/acquire.ts'
import { storageUsage } from '../device/gpu-constants.ts'
import { createStats } from '../device/stats.ts'
import { BindGroupCache } from './bind-groups.ts'
import { LayoutCache } from './layouts.ts'
import { PipelineCache } from './pipeline-cache.ts'

const source = {
  name: 'double',
  wgsl: `@group(0) @binding(0) var<storage, read_write> y: array<f32>;
    override factor: f32 = 2.0;
    @compute @workgroup_size(1) fn main() { y[0] *= factor; }`,
  bindings: ['read_write'] as const,
}

describeGpu('pipelines', async () => {
  const { device } = gpu ? await acquireDevice({ gpu }) : { device: null as never }

  it('are compiled once for a source, its constants and its bindings', async () => {
    const stats = createStats()
    const cache = new PipelineCache(device, stats)
    const first = cache.for(source)
    expect(first.compiled).toBeNull()
    expect(cache.for({ ...source, name: 'other' })).toBe(first)
    expect(cache.for({ ...source, constants: { factor: 3 } })).not.toBe(first)
    expect(cache.for({ ...source, constants: { factor: 3 } })).toBe(cache.for({ ...source, constants: { factor: 3 } }))
    await first.ready
    expect(first.compiled).not.toBeNull()
    expect(stats.pipelinesCompiled).toBe(2)
  })

  it('are tried again after they failed', async () => {
    const cache = new PipelineCache(device, createStats())
    const broken = { ...source, wgsl: 'fn main( {' }
    const first = cache.for(broken)
    await expect(first.ready).rejects.toThrow(/^double: shader does not compile: .+ at line 1: fn main\( \{/)
    const second = cache.for(broken)
    expect(second).not.toBe(first)
    await expect(second.ready).rejects.toThrow('double: shader does not compile')
  })

  it('share layouts by their bindings', () => {
    const cache = new LayoutCache(device)
    const layouts = cache.for(['read', 'read_write', 'uniform'])
    expect(cache.for(['read', 'read_write', 'uniform'])).toBe(layouts)
    expect(cache.for(['read_write', 'read', 'uniform']).id).not.toBe(layouts.id)
  })

  it('share bind groups by their buffers', () => {
    const layouts = new LayoutCache(device).for(['read'])
    const cache = new BindGroupCache(device)
    const [a, b] = [0, 1].map(() => device.createBuffer({ size: 256, usage: storageUsage }))
    const group = cache.for(layouts, [{ buffer: a, size: 256 }])
    expect(cache.for(layouts, [{ buffer: a, size: 256 }])).toBe(group)
    expect(cache.for(layouts, [{ buffer: a, size: 128 }])).not.toBe(group)
    for (let i = 1; i <= 63; i++) for (let j = 0; j < 20; j++) cache.for(layouts, [{ buffer: b, size: 4 * i }])
    expect(cache.for(layouts, [{ buffer: a, size: 256 }])).toBe(group)
    cache.clear()
    expect(cache.for(layouts, [{ buffer: a, size: 256 }])).not.toBe(group)
  })
})
