import { type DType, matmul, relu, type Tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectAgreement } from '../../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { floats, runKernels } from '../../__fixtures__/run-kernels.ts'
import { sample } from '../../__fixtures__/sample.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'
import { Params } from '../../wgsl/params.ts'
import { lowerDirect } from './direct.ts'
import { storing } from './finish.ts'
import type { Product } from './product.ts'

const lower = { adapter: 'software' } as const
const nearly = { tolerance: 2e-6, absolute: 2e-3, lower }

const apart = (shape: readonly number[]): Tensor =>
  sample('float32', [...shape.slice(0, -1), shape[shape.length - 1] * 2]).slice(-1, { step: 2 })
const turned = (shape: readonly number[]): Tensor =>
  sample('float32', [...shape.slice(0, -2), shape[shape.length - 1], shape[shape.length - 2]]).transpose(-1, -2)
const plain = (shape: readonly number[]): Tensor => sample('float32', [...shape], 2)

describeGpu('products without workgroup memory', () => {
  const runtime = withRuntime()
  const plainly = withRuntime({ features: [] })

  const expectDirect = async (make: () => Tensor[], options: object = nearly): Promise<string[]> => {
    const run = await expectAgreement(runtime(), make, { lower, ...options })
    expect(run.plain).toBe(0)
    const sources = run.kernels.map(({ wgsl }) => wgsl).filter(wgsl => wgsl.includes('fn aBatch'))
    expect(sources.filter(wgsl => /workgroupBarrier|var<workgroup>/.test(wgsl))).toEqual([])
    return sources
  }

  it.each([
    [1, 1, 1],
    [1, 300, 40],
    [200, 20, 2],
    [5, 8, 100],
    [33, 7, 65],
    [64, 64, 64],
    [72, 12, 60],
  ])('of %i rows, depth %i, %i columns, however operands lie', async (m, k, n) => {
    const made = [plain, turned, apart]
    const sources = await expectDirect(() => made.flatMap(a => made.map(b => matmul(a([m, k]), b([k, n])))))
    expect(sources.length).toBe(9)
  })

  it('load four lines or four steps at once where they lie in a vector', async () => {
    const [both] = await expectDirect(() => [matmul(plain([64, 64]), plain([64, 64]))])
    expect(both).toContain('let a0 = aAt(aBase0 + aD);')
    expect(both).toContain('let b1_3 = bAt(bBase1 + bD3);')
    const [neither] = await expectDirect(() => [matmul(apart([64, 64]), apart([64, 64]))])
    expect(neither).not.toContain('vec4<f32>')
  })

  it('of any sizes', async () => {
    const size = fc.integer({ min: 1, max: 50 })
    const how = fc.constantFrom(plain, turned, apart)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), size, size, size, how, how, async (batch, m, k, n, a, b) => {
        await expectDirect(() => [matmul(a([batch, m, k]), b([batch, k, n]))])
      }),
      { numRuns: 12, seed: 9 },
    )
  })

  it('in parts of the depth', async () => {
    const sources = await expectDirect(() => [matmul(plain([2, 4100]), turned([4100, 3])).add(1)])
    expect(sources.length).toBe(1)
    const { kernels } = await expectAgreement(runtime(), () => [matmul(plain([2, 4100]), plain([4100, 3]))], nearly)
    expect(kernels.length).toBe(2)
  })

  it.each<[DType, DType]>([
    ['int32', 'int32'],
    ['int8', 'int8'],
    ['uint8', 'int8'],
    ['float16', 'float16'],
    ['float16', 'float32'],
    ['bool', 'float32'],
  ])('of %s and %s', async (a, b) => {
    const options = a === 'float16' ? { tolerance: 1e-3, absolute: 2e-2 } : { tolerance: 2e-6, absolute: 1e-3 }
    for (const [m, k, n] of [
      [2, 40, 9],
      [64, 29, 64],
      [64, 32, 64],
    ]) {
      const make = () => [
        matmul(sample(a, [m, k]), sample(b, [k, n], 2)),
        matmul(sample(a, [m, k]), sample(b, [n, k], 2).transpose(0, 1)),
        matmul(sample(a, [k, m]).transpose(0, 1), sample(b, [k, n], 2)),
      ]
      await expectDirect(make, options)
      const without = await expectAgreement(plainly(), make, { ...options, lower })
      expect(without.kernels.some(({ wgsl }) => wgsl.includes('Packed'))).toBe(false)
    }
  })

  it('are followed on', async () => {
    const sources = await expectDirect(() => [
      relu(matmul(plain([64, 20]), plain([20, 64])).add(sample('float32', [64], 3))),
    ])
    expect(sources.length).toBe(1)
  })

  it('of no depth are zeros', async () => {
    await expectDirect(() => [matmul(plain([20, 0]), plain([0, 30]))])
  })

  it('add to what is there', async () => {
    const access = { offset: 0, batch: [], line: [{ size: 3, stride: 2 }], depth: [{ size: 2, stride: 1 }] }
    const operand = (buffer: number) => ({ dtype: 'float32', access, buffer }) as const
    const product: Product = {
      batch: 1,
      rows: 3,
      columns: 3,
      depth: 2,
      dtype: 'float32',
      a: operand(0),
      b: operand(1),
    }
    const kernel = lowerDirect(
      product,
      { down: 4, across: 1, parts: 1 },
      new Params(),
      storing(2, 'float32', true, false),
    )
    const [x, y] = [new Float32Array([1, 2, 3, 4, 5, 6]), new Float32Array([1, 0, 0, 1, 1, 1])]
    const got = floats(await runKernels(runtime(), [kernel], [x, y], new Float32Array(9).fill(100)))
    expect(got).toEqual([101, 102, 103, 103, 104, 107, 105, 106, 111])
  })
})
