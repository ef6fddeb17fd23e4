import { expect, it } from 'vitest'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { runKernels } from '../../__fixtures__/run-kernels.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'
import { Binder } from '../../steps/binder.ts'
import { kernelOf } from '../../steps/kernel-of.ts'
import { Params } from '../params.ts'
import { functionsFor } from './library.ts'

describeGpu('the order of floats', () => {
  const runtime = withRuntime()

  it('is that of unsigned numbers', async () => {
    const values = [
      Number.NEGATIVE_INFINITY,
      -1e30,
      -2,
      -1,
      -1e-30,
      -0,
      0,
      1e-30,
      1,
      2,
      1e30,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]
    const binder = new Binder()
    binder.read(0, 'x')
    binder.write(1, 'out')
    const lines = ['out[l] = orderOfFloat(bitcast<f32>(x[l]));']
    const kernel = kernelOf({ params: new Params(), binder, workgroup: values.length, groups: 1, lines })
    const keys = [
      ...new Uint32Array(await runKernels(runtime(), [kernel], [Float32Array.from(values)], 4 * values.length)),
    ]
    expect(keys[5]).toBe(keys[6])
    const distinct = keys.filter((_, i) => i !== 5)
    expect(distinct).toEqual([...new Set(distinct)].sort((a, b) => a - b))
    expect(keys.at(-1)).toBe(0xffffffff)

    const back = new Binder()
    back.read(0, 'x')
    back.write(1, 'out')
    const turned = kernelOf({
      params: new Params(),
      binder: back,
      workgroup: keys.length,
      groups: 1,
      lines: ['out[l] = bitcast<u32>(floatOfOrder(x[l]));'],
    })
    const floats = await runKernels(runtime(), [turned], [Uint32Array.from(keys)], 4 * keys.length)
    expect([...new Float32Array(floats)]).toEqual([...Float32Array.from(values)].map(x => x + 0))
  })
})

it('brings what reports of wrong indices need', () => {
  expect(functionsFor('reportIndex(0u, 1u);')).toContain('atomicMax(&status[at + 1u], index)')
  expect(functionsFor('orderOfFloat(x);')).toContain('fn isNan(')
})
