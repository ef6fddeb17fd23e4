import { gpuForTests } from '@surprisal/webgpu-runtime/software'
import { describe, expect, it } from 'vitest'
import { type ProofOptions, prove } from './prove.ts'

const gpu = (await gpuForTests()) as GPU
const x = { shape: [2], dtype: 'float32', data: [1, 4] }
const cases = [
  { name: 'a root', call: 'sqrt', inputs: { x }, expect: { value: { ...x, data: [1, 2] } }, tolerance: 0 },
  { name: 'a wrong root', call: 'sqrt', inputs: { x }, expect: { value: { ...x, data: [1, 3] } }, tolerance: 0 },
  { name: 'no function', call: 'fancyOp', inputs: { x }, expect: { value: x }, tolerance: 0 },
]
const vectors = (count: number) => [
  { path: 'some.json', package: 'tensor', text: JSON.stringify({ system: 's', cases: cases.slice(0, count) }) },
]
const few: ProofOptions = { limits: 'adapter', vectors: vectors(1), graphs: 5, seed: 1 }

/** A GPU whose shaders are changed before they are compiled. */
function brokenGpu(change: (code: string) => string): GPU {
  const requestAdapter = async (): Promise<GPUAdapter | null> => {
    const adapter = await gpu.requestAdapter()
    const requestDevice = async (descriptor: GPUDeviceDescriptor): Promise<GPUDevice> => {
      const device = await (adapter as GPUAdapter).requestDevice(descriptor)
      const createShaderModule = device.createShaderModule.bind(device)
      device.createShaderModule = given => createShaderModule({ ...given, code: change(given.code) })
      return device
    }
    const { features, limits, info } = adapter as GPUAdapter
    return { features, limits, info, requestDevice } as GPUAdapter
  }
  return { requestAdapter, wgslLanguageFeatures: gpu.wgslLanguageFeatures } as GPU
}

describe.skipIf(!gpu)('prove', () => {
  it.each(['adapter', 'minimum'] as const)('has nothing to say of a device that is right, limits: %s', async limits => {
    expect(await prove({ ...few, limits }, gpu)).toEqual({ passed: 6, problems: [] })
  })

  it('names the cases that fail or have no function', async () => {
    const { passed, problems } = await prove({ ...few, vectors: vectors(3), graphs: 0 }, gpu)
    expect([passed, problems]).toEqual([
      1,
      [
        'some.json: a wrong root: value[1]: expected 3, got 2 (1 of 2 differ)',
        'some.json: no function: fancyOp is not exported',
      ],
    ])
  })

  it('finds a graph of few calls that a wrong device computes wrongly', async () => {
    const wrong = brokenGpu(code => code.replaceAll(/\((v\d+) \+ (v\d+)\)/g, '($1 + $2 * 1.001)'))
    const { problems } = await prove({ ...few, vectors: [], graphs: 100 }, wrong)
    expect(problems[0]).toMatch(
      /^seed 1, graph \d+, after \d+ steps of shrinking:\nround 0, v\d+, element \d+: expected/,
    )
    expect(problems[0].match(/const v\d+ =/g)?.length).toBeLessThanOrEqual(4)
  })

  it('shows a graph that a device refuses, with the error', async () => {
    const { problems } = await prove(
      { ...few, vectors: [] },
      brokenGpu(code => `${code} oops`),
    )
    expect(problems[0]).toContain('the device threw SurprisalError')
  })

  it('notices a device that has more than the least limits', async () => {
    const rich = {
      ...gpu,
      requestAdapter: async () => {
        const adapter = (await gpu.requestAdapter()) as GPUAdapter
        const { features, limits, info } = adapter
        const most = { maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage }
        return { features, limits, info, requestDevice: () => adapter.requestDevice({ requiredLimits: most }) }
      },
    } as unknown as GPU
    const { problems } = await prove({ ...few, limits: 'minimum', vectors: vectors(1), graphs: 0 }, rich)
    expect(problems).toEqual([expect.stringMatching(/^maxStorageBuffersPerShaderStage is \d+, not 8$/)])
  })
})
