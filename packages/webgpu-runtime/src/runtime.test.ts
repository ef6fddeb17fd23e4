import { expect, it } from 'vitest'
import { describeGpu, gpu } from './__fixtures__/gpu.ts'
import { withRuntime } from './__fixtures__/with-runtime.ts'
import type { DeviceBuffer } from './index.ts'
import { createRuntime } from './runtime.ts'

const saxpy = {
  name: 'saxpy',
  wgsl: `
    struct P { a: f32, n: u32 }
    @group(0) @binding(0) var<storage, read> x: array<f32>;
    @group(0) @binding(1) var<storage, read_write> y: array<f32>;
    @group(0) @binding(2) var<uniform> p: P;
    @compute @workgroup_size(64)
    fn main(@builtin(workgroup_id) w: vec3u, @builtin(num_workgroups) n: vec3u, @builtin(local_invocation_index) l: u32) {
      let i = (w.x + n.x * (w.y + n.y * w.z)) * 64u + l;
      if (i < p.n) { y[i] += p.a * x[i]; }
    }`,
  bindings: ['read', 'read_write', 'uniform'],
  workgroup: 64,
} as const
const params = (a: number, n: number): DataView => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat32(0, a, true)
  view.setUint32(4, n, true)
  return view
}

const wide = {
  name: 'wide',
  wgsl: '@group(0) @binding(0) var<storage, read_write> y: array<vec4f, 9>;\n@compute @workgroup_size(1) fn main() { y[0] = vec4f(); }',
  bindings: ['read_write'],
} as const

describeGpu('a runtime', () => {
  const runtime = withRuntime()
  const floats = async (buffer: DeviceBuffer) => [...new Float32Array(await runtime().read(buffer))]

  it('runs kernels in their order', async () => {
    const kernel = runtime().kernel(saxpy)
    const x = runtime().upload(Float32Array.of(1, 2, 3))
    const y = runtime().upload(Float32Array.of(10, 20, 30))
    kernel.run([x, y], params(2, 3), 1)
    kernel.run([x, y], params(0.5, 2), 1)
    kernel.run([x, y], params(9, 3), 0)
    expect(await floats(y)).toEqual([12.5, 25, 36])
  })

  it('compiles and creates nothing from the second step on, with one submission a step', async () => {
    const step = async (): Promise<void> => {
      const x = runtime().upload(new Float32Array(500).fill(1))
      const y = runtime().alloc(2000)
      runtime().clear(y)
      for (let i = 0; i < 20; i++) runtime().kernel(saxpy).run([x, y], params(i, 500), 8)
      expect((await floats(y))[499]).toBe(190)
      x.free()
      y.free()
    }
    await step()
    const before = runtime().stats()
    const memory = runtime().memory()
    for (let i = 0; i < 3; i++) await step()
    const after = runtime().stats()
    expect(after.pipelinesCompiled).toBe(before.pipelinesCompiled)
    expect(after.buffersCreated).toBe(before.buffersCreated)
    expect(after.submissions - before.submissions).toBe(3)
    expect(after.dispatches - before.dispatches).toBe(60)
    expect(after.bytesUploaded - before.bytesUploaded).toBe(6000)
    expect(after.bytesRead - before.bytesRead).toBe(6000)
    expect(runtime().memory()).toEqual(memory)
  })

  it('writes to a recycled buffer after the kernels that still use it', async () => {
    const kernel = runtime().kernel(saxpy)
    const y = runtime().upload(Float32Array.of(0, 0))
    const old = runtime().upload(Float32Array.of(1, 2))
    kernel.run([old, y], params(1, 2), 1)
    old.free()
    const fresh = runtime().upload(Float32Array.of(10, 20))
    kernel.run([fresh, y], params(1, 2), 1)
    expect(await floats(y)).toEqual([11, 22])
  })

  it('reads any bytes, of several buffers with one wait', async () => {
    const a = runtime().upload(Uint8Array.from({ length: 11 }, (_, i) => i))
    const b = runtime().upload(new Float32Array(new SharedArrayBuffer(8)).fill(7))
    const [whole, part, empty] = await runtime().readAll([
      { buffer: b },
      { buffer: a, offset: 3, bytes: 6 },
      { buffer: a, bytes: 0 },
    ])
    expect([...new Float32Array(whole)]).toEqual([7, 7])
    expect([...new Uint8Array(part)]).toEqual([3, 4, 5, 6, 7, 8])
    expect(empty.byteLength).toBe(0)
    expect([...new Uint8Array(await runtime().read(a, 9))]).toEqual([9, 10])
    await expect(runtime().read(a, 8, 4)).rejects.toThrow('read: range must lie in 11 bytes, got 4 bytes at 8')
  })

  it('copies parts of buffers', async () => {
    const a = runtime().upload(Float32Array.of(1, 2, 3))
    const b = runtime().upload(Float32Array.of(0, 0, 0))
    runtime().copy(a, 4, b, 0, 8)
    expect(await floats(b)).toEqual([2, 3, 0])
    expect(() => runtime().copy(a, 0, a, 0, 4)).toThrow('copy: from and to must be two buffers')
    expect(() => runtime().copy(a, 2, b, 0, 4)).toThrow('copy: fromOffset must be a multiple of 4, got 2')
  })

  it('submits by itself when there is much', async () => {
    const kernel = runtime().kernel(saxpy)
    const x = runtime().upload(Float32Array.of(1))
    const y = runtime().upload(Float32Array.of(0))
    const runMany = () => {
      for (let i = 0; i < 600; i++) kernel.run([x, y], params(1, 1), 1)
    }
    runMany()
    await runtime().idle()
    const before = runtime().stats().submissions
    runMany()
    expect(runtime().stats().submissions - before).toBe(2)
    expect(await floats(y)).toEqual([1200])
  })

  it('refuses wrong runs', () => {
    const kernel = runtime().kernel(saxpy)
    const x = runtime().upload(Float32Array.of(1))
    const y = runtime().alloc(4)
    expect(() => kernel.run([x], params(1, 1), 1)).toThrow('saxpy: expected 2 bindings, got 1')
    expect(() => kernel.run([x, x], params(1, 1), 1)).toThrow('saxpy: binding 0 aliases binding 1 (read_write)')
    expect(() => kernel.run([x, y], null, 1)).toThrow('saxpy: params must be bytes, got null')
    expect(() => kernel.run([x, y], params(1, 1), -1)).toThrow('saxpy: groups must be a non-negative integer, got -1')
    expect(() => kernel.run([x, {} as DeviceBuffer], params(1, 1), 1)).toThrow(
      'saxpy: binding 1 must be a buffer of the runtime',
    )
    y.free()
    expect(() => kernel.run([x, y], params(1, 1), 1)).toThrow('saxpy: binding 1 has been freed')
    expect(() => runtime().kernel({ ...saxpy, workgroup: 1024 })).toThrow(
      'saxpy: the device allows workgroups of 256, got 1024',
    )
    const many = Array.from({ length: 100 }, () => 'read' as const)
    expect(() => runtime().kernel({ ...saxpy, bindings: many })).toThrow(
      /^saxpy: the device allows \d+ storage bindings, got 100$/,
    )
    expect(() => runtime().kernel({ ...saxpy, bindings: ['uniform', 'uniform'] })).toThrow(
      'saxpy: at most one binding may be uniform, got 2',
    )
  })

  it('names the kernel whose shader does not compile, and goes on', async () => {
    const y = runtime().upload(Float32Array.of(5))
    const broken = {
      name: 'broken',
      wgsl: '@compute @workgroup_size(1)\nfn main() { let x: i32 = 1.5; }',
      bindings: ['read_write'] as const,
    }
    runtime().kernel(broken).run([y], null, 1)
    await expect(runtime().read(y)).rejects.toThrow(
      /^broken: shader does not compile: .* at line 2: fn main\(\) \{ let x: i32 = 1\.5; \}$/,
    )
    expect(await floats(y)).toEqual([5])
    runtime().kernel(broken).run([y], null, 1)
    await expect(runtime().idle()).rejects.toThrow('broken: shader does not compile')
  })

  it('names the kernel that the device refuses, and goes on', async () => {
    const short = runtime().upload(Float32Array.of(1))
    runtime().kernel(wide).run([short], null, 1)
    await expect(runtime().read(short)).rejects.toThrow(/^wide: .*too small/)
    expect(await floats(short)).toEqual([1])
  })

  it('compiles ahead', async () => {
    const constant = (value: number) => ({
      name: 'constant',
      wgsl: `override c: f32 = 1.0;
        @group(0) @binding(0) var<storage, read_write> y: array<f32>;
        @compute @workgroup_size(1) fn main() { y[0] = c; }`,
      bindings: ['read_write'] as const,
      constants: { c: value },
    })
    const y = runtime().upload(Float32Array.of(3))
    const before = runtime().stats()
    await runtime().warmup(() => runtime().kernel(constant(8)).run([y], null, 1))
    expect(runtime().stats().pipelinesCompiled).toBe(before.pipelinesCompiled + 1)
    expect(await floats(y)).toEqual([3])
    runtime().kernel(constant(8)).run([y], null, 1)
    runtime().flush()
    expect(runtime().stats().dispatches).toBe(before.dispatches + 1)
    expect(await floats(y)).toEqual([8])
  })

  it('profiles', async () => {
    const x = runtime().upload(new Float32Array(64))
    const y = runtime().upload(new Float32Array(64))
    const { value, rows } = await runtime().profile(async () => {
      for (let i = 0; i < 3; i++) runtime().kernel(saxpy).run([x, y], params(1, 64), 1)
      return 'done'
    })
    expect(value).toBe('done')
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ kernel: 'saxpy', dispatches: 3, bytes: 3 * 512 })
    if (runtime().features.has('timestamp-query')) expect(rows[0].gpuMs).toBeGreaterThanOrEqual(0)
    else expect(rows[0].gpuMs).toBeNull()
  })

  it('trims', async () => {
    runtime().alloc(5000).free()
    expect(runtime().memory().pooled).toBeGreaterThan(0)
    runtime().trim()
    expect(runtime().memory().pooled).toBe(0)
  })
})

describeGpu('a runtime with less', () => {
  const runtime = withRuntime({ limits: 'minimum', features: [], debug: true })

  it('runs the same kernels, and profiles by counting', async () => {
    const x = runtime().upload(Float32Array.of(1, 2))
    const y = runtime().upload(Float32Array.of(1, 1))
    const { rows } = await runtime().profile(async () => runtime().kernel(saxpy).run([x, y], params(3, 2), 1))
    expect(rows).toEqual([{ kernel: 'saxpy', dispatches: 1, gpuMs: null, bytes: 16 }])
    expect([...new Float32Array(await runtime().read(y))]).toEqual([4, 7])
  })

  it('names the kernel that the device refuses', async () => {
    const short = runtime().upload(Float32Array.of(1))
    runtime().kernel(wide).run([short], null, 1)
    await expect(runtime().read(short)).rejects.toThrow(/^wide: /)
    expect([...new Float32Array(await runtime().read(short))]).toEqual([1])
  })

  it('refuses what is too large, at once', () => {
    expect(() => runtime().alloc(2 ** 31, 'tensor [40000, 40000]')).toThrow(
      'webgpu: tensor [40000, 40000] of 2.0 GiB exceeds the device limit of 128 MiB',
    )
  })
})

describeGpu('a destroyed device', () => {
  it('ends pending reads, and a new runtime works', async () => {
    const runtime = await createRuntime({ gpu: gpu as GPU })
    const buffer = runtime.upload(Float32Array.of(1))
    const reading = runtime.read(buffer)
    runtime.destroy()
    runtime.destroy()
    await expect(reading).rejects.toThrow('webgpu: device lost (destroyed)')
    expect(() => runtime.alloc(4)).toThrow('webgpu: device lost (destroyed)')
    await expect(runtime.idle()).rejects.toThrow('webgpu: device lost (destroyed)')
    const next = await createRuntime({ gpu: gpu as GPU })
    expect([...new Float32Array(await next.read(next.upload(Float32Array.of(2))))]).toEqual([2])
    next.destroy()
  })
})
