import type { DType } from '@surprisal/tensor/backend'
import { expect, it } from 'vitest'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { floats, ints, runKernels } from '../../__fixtures__/run-kernels.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'
import type { LoweredStep, StepOptions } from '../lowered-step.ts'
import { lowerData } from './lower-data.ts'
import type { DataStep } from './operand.ts'

const options: StepOptions = { limits: { maxStorageBuffersPerShaderStage: 8 } }
const operand = (shape: number[], strides: number[], dtype: DType = 'float32', offset = 0) => ({
  dtype,
  map: { shape, strides, offset, guard: null },
})
const step = (primitive: DataStep['primitive'], shape: number[], ...reads: DataStep['reads']): DataStep => ({
  primitive,
  dtype: reads[0].dtype,
  shape,
  reads,
})
const index = operand([3], [1], 'int32')
const line = operand([4], [1])
const lower = (data: DataStep, rest: Partial<StepOptions> = {}): LoweredStep =>
  lowerData(data, { ...options, ...rest }) as LoweredStep

it('has no kernel for linear algebra and other routines of the host', () => {
  const run = (): void => {}
  expect(lowerData(step({ kind: 'host', name: 'qr', run }, [4], line), options)).toBeNull()
})

it('has nothing to run where there are no elements', () => {
  const none = operand([0], [1])
  const noIndex = operand([0], [1], 'int32')
  const steps = [
    step({ kind: 'view', map: none.map }, [0], none),
    step({ kind: 'cat', dim: 0 }, [0], none, none),
    step({ kind: 'take', dim: 0, op: 'take' }, [0], line, noIndex),
    step({ kind: 'fold', map: none.map }, [0], none),
    step({ kind: 'scan', f: 'sum', dim: 0, exclusive: false, reverse: false }, [0], none),
    step({ kind: 'argsort', dim: 0, descending: false }, [0], none),
    step({ kind: 'put', f: 'add', dim: 0, op: 'put' }, [0], none, noIndex, none),
  ]
  for (const data of steps)
    expect(lower(data, { checkIndices: true })).toEqual({ kernels: [], workspaces: [], checks: [] })
})

it('checks indices where it is asked to, by a kernel in front of the others', () => {
  const take = step({ kind: 'take', dim: 0, op: 'embedding' }, [3], line, index)
  expect(lower(take).checks).toEqual([])
  const { kernels, checks } = lower(take, { checkIndices: true })
  expect(checks).toEqual([{ op: 'embedding', dim: 0, size: 4 }])
  expect(kernels.length).toBe(lower(take).kernels.length + 1)
  expect(kernels[0].storage).toEqual([{ kind: 'buffer', buffer: 1, clear: false }, { kind: 'status' }])
  expect(lower(step({ kind: 'cat', dim: 0 }, [8], line, line), { checkIndices: true }).checks).toEqual([])
})

it('sorts many indices and goes through few', () => {
  const put = (count: number): LoweredStep => {
    const many = operand([count], [1])
    return lower(step({ kind: 'put', f: 'add', dim: 0, op: 'put' }, [4], line, { ...many, dtype: 'int32' }, many))
  }
  expect(put(64).kernels.length).toBe(1)
  expect(put(64).workspaces).toEqual([])
  expect(put(65).kernels.length).toBe(2)
  expect(put(65).workspaces).toEqual([{ buffer: 4, bytes: 260 }])
  // Runs of 64 in pairs, two merges, places.
  expect(put(200).kernels.length).toBe(4)
  expect(put(200).workspaces.map(({ buffer }) => buffer)).toEqual([4, 5, 6])
})

it('cuts lines that are long and few', () => {
  const scan = (shape: number[], strides: number[]): LoweredStep =>
    lower(step({ kind: 'scan', f: 'sum', dim: 0, exclusive: false, reverse: false }, shape, operand(shape, strides)))
  expect(scan([64, 3], [3, 1]).kernels.length).toBe(1)
  expect(scan([65, 3], [3, 1]).kernels.length).toBe(3)
  expect(scan([65, 5000], [5000, 1]).kernels.length).toBe(1)
  // Parts of nine in each of three lines.
  expect(scan([65, 3], [3, 1]).workspaces).toEqual([{ buffer: 2, bytes: 4 * 3 * 8 }])
})

describeGpu('steps that move elements', () => {
  const runtime = withRuntime()

  it('gather one element for each of the index', async () => {
    const x = Float32Array.of(1, 2, 3, 4, 5, 6)
    const which = Int32Array.of(2, 0, 1, 1)
    const data = step(
      { kind: 'gather', dim: 1, op: 'gather' },
      [2, 2],
      operand([2, 3], [3, 1]),
      operand([2, 2], [2, 1], 'int32'),
    )
    expect(floats(await runKernels(runtime(), lower(data), [x, which], 16))).toEqual([3, 1, 5, 5])
  })

  it('put slices, the last of those that meet', async () => {
    const data = step({ kind: 'put', f: 'set', dim: 0, op: 'put' }, [4], line, index, operand([3], [1]))
    const inputs = [Float32Array.of(1, 2, 3, 4), Int32Array.of(2, 0, 2), Float32Array.of(7, 8, 9)]
    expect(floats(await runKernels(runtime(), lower(data), inputs, 16))).toEqual([8, 2, 9, 4])
  })

  it('order a line that is read backwards', async () => {
    const data = step({ kind: 'argsort', dim: 0, descending: true }, [4], operand([4], [-1], 'float32', 3))
    const got = await runKernels(runtime(), lower(data), [Float32Array.of(5, 1, 5, 9)], 16)
    expect(ints(got)).toEqual([0, 1, 3, 2])
  })
})
