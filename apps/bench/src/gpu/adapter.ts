import { createRuntime, type Runtime } from '@surprisal/webgpu-runtime'
import { gpuForTests } from '@surprisal/webgpu-runtime/software'

/** The GPU of this machine and what it does at most. */
export interface Adapter {
  readonly name: string
  /** Whether a processor plays it: then times say little. */
  readonly isSoftware: boolean
  /** 10^9 bytes read and written in a second by copies of whole buffers. */
  readonly copyGBs: number
  /** 10^9 floating-point operations in a second by multiply-adds between registers. */
  readonly fmaGflops: number
}

const chains = 8
const roundsOfKernel = 256
const lanes = 4
const threads = 64

/** Each thread does chains of multiply-adds of vectors that do not wait for each other. */
const multiplyAdds = `
  @group(0) @binding(0) var<storage, read_write> sums: array<vec4f>;
  @compute @workgroup_size(${threads})
  fn main(@builtin(global_invocation_id) id: vec3u) {
    let factor = vec4f(0.5) + 1e-6 * vec4f(f32(id.x));
    var chain: array<vec4f, ${chains}>;
    ${Array.from({ length: chains }, (_, i) => `chain[${i}] = vec4f(${i}.0);`).join(' ')}
    for (var round = 0u; round < ${roundsOfKernel}u; round++) {
      ${Array.from({ length: chains }, (_, i) => `chain[${i}] = fma(chain[${i}], factor, factor);`).join('\n      ')}
    }
    sums[id.x] = ${Array.from({ length: chains }, (_, i) => `chain[${i}]`).join(' + ')};
  }`

/** Describes and measures the adapter, in a second; null where there is none. */
export async function measureAdapter(): Promise<Adapter | null> {
  const gpu = await gpuForTests()
  if (!gpu) return null
  const runtime = await createRuntime({ gpu })
  try {
    const { vendor, architecture, device, description } = runtime.info
    const name = [...new Set([vendor, architecture, device || description])].filter(Boolean).join(' ').replace(/-$/, '')
    const copyGBs = await copied(runtime)
    const fmaGflops = await multiplied(runtime)
    return { name, isSoftware: runtime.isSoftware, copyGBs, fmaGflops }
  } finally {
    runtime.destroy()
  }
}

async function copied(runtime: Runtime): Promise<number> {
  const bytes = runtime.isSoftware ? 4 * 2 ** 20 : 64 * 2 ** 20
  const [from, to] = [runtime.alloc(bytes), runtime.alloc(bytes)]
  const perSecond = await most(runtime, 2 * bytes, () => runtime.copy(from, 0, to, 0, bytes))
  for (const buffer of [from, to]) buffer.free()
  return perSecond
}

async function multiplied(runtime: Runtime): Promise<number> {
  const groups = runtime.isSoftware ? 64 : 16384
  const sums = runtime.alloc(4 * lanes * threads * groups)
  const kernel = runtime.kernel({ name: 'limits', wgsl: multiplyAdds, bindings: ['read_write'], workgroup: threads })
  const flops = 2 * chains * roundsOfKernel * lanes * threads * groups
  const perSecond = await most(runtime, flops, () => kernel.run([sums], null, groups))
  sums.free()
  return perSecond
}

/** 10^9 units a second, rounded: the best of several runs, of which each repeats the work until it takes some time. */
async function most(runtime: Runtime, units: number, run: () => void): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  let repeats = 1
  for (let i = 0; i < 8; i++) {
    const start = performance.now()
    for (let k = 0; k < repeats; k++) run()
    await runtime.idle()
    const elapsed = performance.now() - start
    // The first run compiles the kernel.
    if (i > 0) least = Math.min(least, elapsed / repeats)
    if (elapsed < 20) repeats *= 2
  }
  return Number((units / least / 1e6).toPrecision(3))
}
