import { bytesPerElement } from '@surprisal/tensor/backend'
import { expect, it } from 'vitest'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { runKernels } from '../__fixtures__/run-kernels.ts'
import { everyDType } from '../__fixtures__/sample.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'
import { unpackElements } from '../wgsl/elements-of-host.ts'
import { Params } from '../wgsl/params.ts'
import { Binder } from './binder.ts'
import { type ElementKernel, elementKernel } from './element-kernel.ts'
import { kernelOf } from './kernel-of.ts'

const kernelWith = (rest: Pick<ElementKernel, 'dtype' | 'size' | 'body' | 'only' | 'declarations'>) => {
  const binder = new Binder()
  const out = binder.write(0, 'out')
  return elementKernel({ params: new Params(), binder, out, ...rest })
}

describeGpu('a kernel that makes elements one by one', () => {
  const runtime = withRuntime()

  it.each(everyDType)('writes whole words of %s', async dtype => {
    const value = dtype === 'bool' ? 'i % 3u == 0u' : dtype.startsWith('float') ? 'f32(i % 50u)' : 'i32(i % 50u)'
    for (const size of [1, 3, 4, 5, 255, 257]) {
      const kernel = kernelWith({ dtype, size, body: [`let value = ${value};`] })
      const bytes = await runKernels(runtime(), [kernel], [], size * bytesPerElement[dtype])
      const expected = Array.from({ length: size }, (_, i) => (dtype === 'bool' ? Number(i % 3 === 0) : i % 50))
      expect([...unpackElements(dtype, bytes, size)]).toEqual(expected)
    }
  })

  it('leaves what it does not make as it is', async () => {
    const only = 'i >= 2u && i < 7u'
    const body = ['let value = 9;']
    const bytes = kernelWith({ dtype: 'int8', size: 9, body, only })
    expect([
      ...new Int8Array(await runKernels(runtime(), [bytes], [], Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8, -9))),
    ]).toEqual([1, 2, 9, 9, 9, 9, 9, 8, -9])
    const words = kernelWith({ dtype: 'int32', size: 9, body, only })
    expect([...new Int32Array(await runKernels(runtime(), [words], [], new Int32Array(9).fill(-1)))]).toEqual([
      -1, -1, 9, 9, 9, 9, 9, -1, -1,
    ])
  })

  it('may have functions of its own, and those of the library that they call', async () => {
    const kernel = kernelWith({
      dtype: 'float32',
      size: 3,
      body: ['let value = own(f32(i));'],
      declarations: 'fn own(x: f32) -> f32 { return maxOf(x, 1.0); }',
    })
    expect([...new Float32Array(await runKernels(runtime(), [kernel], [], 12))]).toEqual([1, 1, 2])
  })

  it('counts workgroups by words', () => {
    expect(kernelWith({ dtype: 'uint8', size: 1024, body: [] }).groups).toBe(4)
    expect(kernelWith({ dtype: 'float16', size: 1025, body: [] }).groups).toBe(9)
    expect(kernelWith({ dtype: 'float32', size: 64, body: [] }).groups).toBe(1)
  })
})

it('puts the parts of a kernel together', () => {
  const params = new Params()
  const binder = new Binder()
  binder.read(0, 'x')
  params.setUnits(7)
  const {
    wgsl,
    groups,
    workgroup,
    bindings,
    storage,
    params: block,
  } = kernelOf({
    params,
    binder,
    workgroup: 32,
    groups: 5,
    lines: ['let y = x[l];'],
  })
  expect({ groups, workgroup, bindings }).toEqual({ groups: 5, workgroup: 32, bindings: ['read', 'uniform'] })
  expect(storage.length).toBe(1)
  expect(block[0]).toBe(7)
  expect(wgsl).toContain('@compute @workgroup_size(32)')
  expect(wgsl).toContain('let y = x[l];')
})
