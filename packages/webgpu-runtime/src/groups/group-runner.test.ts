import { cast, type DType, normal, randomKey, type Tensor, tensor, uniform } from '@surprisal/tensor'
import type { Group } from '@surprisal/tensor/backend'
import { expect, it } from 'vitest'
import { expectAgreement } from '../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'
import { GroupRunner } from './group-runner.ts'

const dtypes: DType[] = ['float32', 'float16', 'int32', 'uint8', 'int8']
const sample = (dtype: DType, n: number, seed: number): Tensor =>
  cast(tensor(Array.from({ length: n }, (_, i) => Math.round(40 * Math.sin(i + seed * 3.7)) / 8)), dtype)

describeGpu('groups on a device with the least limits', () => {
  const runtime = withRuntime({ limits: 'minimum', features: [] })

  it('read and write more buffers than can be bound', async () => {
    const { kernels } = await expectAgreement(
      runtime(),
      () => {
        const xs = Array.from({ length: 12 }, (_, i) => sample(dtypes[i % 5], 9, i))
        const sum = xs.reduce((a, b) => a.add(b))
        return [sum, ...xs.map(x => x.mul(sum))]
      },
      { tolerance: 1e-6 },
    )
    expect(kernels.length).toBeGreaterThan(1)
    for (const { storage } of kernels) expect(storage.length).toBeLessThanOrEqual(8)
    expect(kernels.some(({ storage }) => storage.some(({ kind }) => kind === 'joined'))).toBe(true)
  })

  it('reduce many operands at once', async () => {
    await expectAgreement(
      runtime(),
      () => {
        const xs = Array.from({ length: 10 }, (_, i) => sample('float32', 300, i).reshape([3, 100]))
        const total = xs.reduce((a, b) => a.add(b)).softmax()
        return [total, ...xs.map(x => x.mul(total).sum({ dim: 1 }))]
      },
      { tolerance: 1e-5, absolute: 1e-5 },
    )
  })

  it('draw the same random numbers', async () => {
    const key = randomKey(7)
    const others = () => Array.from({ length: 8 }, (_, i) => uniform(randomKey(i), [50]))
    await expectAgreement(runtime(), () => [others().reduce((a, b) => a.mul(b), normal(key, [50]))], {
      tolerance: 1e-6,
    })
  })
})

describeGpu('a runner', () => {
  const runtime = withRuntime()
  const access = { strides: [1], offset: 0 }
  const scaled: Group = {
    kind: 'pointwise',
    space: [3],
    reduced: [],
    buffers: ['float32', 'float32'],
    instructions: [
      { kind: 'load', dtype: 'float32', buffer: 0, access },
      { kind: 'scalar', dtype: 'float32', slot: 0 },
      { kind: 'binary', dtype: 'float32', f: 'mul', a: 0, b: 1 },
    ],
    scalars: 1,
    stores: [{ value: 2, buffer: 1, each: 'element' }],
  }

  it('lowers a group once and takes other numbers and buffers in each run', async () => {
    const runner = new GroupRunner(runtime())
    const x = runtime().upload(Float32Array.of(1, 2, 3))
    const y = runtime().alloc(12)
    const run = (factor: number) =>
      runner.run({
        name: 'scaled',
        group: scaled,
        buffers: [x, y],
        sizes: [3, 3],
        scalars: [new Uint32Array(Float32Array.of(factor, 0).buffer)],
      })
    const first = run(2)
    expect([...new Float32Array(await runtime().read(y))]).toEqual([2, 4, 6])
    const second = run(-1)
    expect(second[0]).toBe(first[0])
    expect([...new Float32Array(await runtime().read(y))]).toEqual([-1, -2, -3])
    expect(runtime().stats().pipelinesCompiled).toBe(1)
  })

  it.each([
    ['float32', 3],
    ['float32', 4],
    ['int32', 3],
    ['int32', 4],
  ] as const)('names nothing as types are, in kernels of many instructions: %s [%i]', async (dtype, size) => {
    const load = (buffer: number) => ({ kind: 'load', dtype, buffer, access: { strides: [1], offset: 0 } }) as const
    const negated = (a: number) => ({ kind: 'unary', dtype, f: 'neg', x: a }) as const
    const instructions = [load(0), ...Array.from({ length: 31 }, (_, i) => negated(i)), load(1)]
    const group: Group = {
      kind: 'pointwise',
      space: [size],
      reduced: [],
      buffers: [dtype, dtype, dtype],
      instructions: [...instructions, { kind: 'binary', dtype, f: 'add', a: 31, b: 32 }],
      scalars: 0,
      stores: [{ value: 33, buffer: 2, each: 'element' }],
    }
    const View = dtype === 'float32' ? Float32Array : Int32Array
    const [x, y] = [1, 10].map(first => runtime().upload(new View([1, 2, 3, 4].slice(0, size).map(x => first * x))))
    const out = runtime().alloc(4 * size)
    const sizes = [size, size, size]
    new GroupRunner(runtime()).run({ name: 'long', group, buffers: [x, y, out], sizes, scalars: [] })
    expect([...new View(await runtime().read(out))]).toEqual([9, 18, 27, 36].slice(0, size))
  })
})
