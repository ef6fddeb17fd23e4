import { type DType, einsum, matmul, relu, type Tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type AgreementOptions, expectAgreement } from '../../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { sample } from '../../__fixtures__/sample.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'
import type { Runtime } from '../../runtime.ts'

const exactly: AgreementOptions = {}
const nearly: AgreementOptions = { tolerance: 2e-6, absolute: 2e-3 }

/** Compares, and sees to it that no plain loop has run. */
async function expectProduct(runtime: Runtime, make: () => Tensor[], options = exactly) {
  const run = await expectAgreement(runtime, make, options)
  expect(run.plain).toBe(0)
  return run
}

describeGpu('matrix products', () => {
  const runtime = withRuntime()

  it.each([
    [1, 1, 1],
    [1, 300, 40],
    [3, 17, 1000],
    [200, 20, 2],
    [70, 33, 4],
    [5, 8, 100],
    [10, 12, 9],
    [40, 36, 24],
    [33, 7, 65],
    [64, 64, 64],
    [130, 5, 70],
    [100, 130, 96],
  ])('of %i rows, depth %i, %i columns', async (m, k, n) => {
    await expectProduct(runtime(), () => [matmul(sample('float32', [m, k]), sample('float32', [k, n], 2))], nearly)
    await expectProduct(
      runtime(),
      () => [
        matmul(sample('float32', [k, m]).transpose(0, 1), sample('float32', [n, k], 2).transpose(0, 1)),
        matmul(
          sample('float32', [m, 2 * k]).slice(1, { step: 2 }),
          sample('float32', [k + 1, n + 3])
            .slice(0, { start: 1 })
            .slice(1, { start: 3 }),
        ),
      ],
      nearly,
    )
  })

  it('cut the depth where there are few tiles', async () => {
    const make = () => [matmul(sample('float32', [20, 1000]), sample('float32', [1000, 40], 2))]
    const { kernels } = await expectProduct(runtime(), make, nearly)
    expect(kernels.length).toBe(2)
    const { kernels: single } = await expectProduct(runtime(), make, { ...nearly, lower: { adapter: 'software' } })
    expect(single.length).toBe(1)
  })

  it('use large tiles where there are enough', async () => {
    const make = () => [matmul(sample('float32', [4, 130, 70]), sample('float32', [4, 70, 129], 2))]
    const { kernels } = await expectProduct(runtime(), make, { ...nearly, lower: { adapter: 'apple' } })
    expect(kernels.map(({ workgroup }) => workgroup)).toEqual([256])
  })

  it.each<[DType, DType]>([
    ['int32', 'int32'],
    ['int8', 'int8'],
    ['uint8', 'int8'],
    ['int8', 'int32'],
    ['float16', 'float16'],
    ['float16', 'float32'],
  ])('of %s and %s', async (a, b) => {
    const options = a === 'float16' ? { tolerance: 1e-3, absolute: 2e-2 } : exactly
    for (const [m, k, n] of [
      [2, 40, 9],
      [17, 20, 23],
      [40, 8, 64],
      [3, 5, 3],
    ])
      await expectProduct(runtime(), () => [matmul(sample(a, [m, k]), sample(b, [k, n], 2))], options)
  })

  it('wrap integers', async () => {
    const large = () => sample('int32', [20, 30]).mul(123_456_789)
    await expectProduct(runtime(), () => [matmul(large(), large().transpose(0, 1))])
  })

  it('give zeros where there is no depth, and nothing for no elements', async () => {
    await expectProduct(runtime(), () => [
      matmul(sample('float32', [20, 0]), sample('float32', [0, 30])),
      matmul(sample('float16', [3, 0]), sample('float16', [0, 3])),
      matmul(sample('float32', [0, 4]), sample('float32', [4, 5])),
    ])
  })

  it('keep NaN and infinity in their rows and columns', async () => {
    await expectProduct(
      runtime(),
      () => {
        const x = sample('float32', [18, 20])
        return [
          matmul(x.slice(0, { end: 1 }).div(0).expand([40, 20]), sample('float32', [20, 33])),
          matmul(x, x.transpose(0, 1).greater(14).where(Number.NaN, 1)),
        ]
      },
      nearly,
    )
  })

  it('of any sizes, batches and orders of dims', async () => {
    const size = fc.integer({ min: 1, max: 40 })
    const letters = fc.shuffledSubarray(['b', 'm', 'n', 'k'], { minLength: 3, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(size, size, size),
        fc.integer({ min: 1, max: 3 }),
        letters,
        letters,
        async ([m, n, k], b, x, y) => {
          const sizes: Record<string, number> = { b, m, n, k }
          const [left, right] = [x.filter(c => c !== 'n'), y.filter(c => c !== 'm')]
          const out = ['b', 'm', 'n'].filter(c => left.includes(c) || right.includes(c))
          const of = (list: string[], seed: number) =>
            sample(
              'float32',
              list.map(c => sizes[c]),
              seed,
            )
          await expectProduct(
            runtime(),
            () => [einsum(`${left.join('')},${right.join('')}->${out.join('')}`, of(left, 1), of(right, 2))],
            {
              tolerance: 1e-5,
              absolute: 5e-3,
            },
          )
        },
      ),
      { numRuns: 20, seed: 3 },
    )
  })
})

describeGpu('what follows on a product', () => {
  const runtime = withRuntime()
  const product = (dtype: DType, m: number, n: number): Tensor =>
    matmul(sample(dtype, [m, 24]), sample(dtype, [24, n], 2))

  it.each([
    [40, 32],
    [40, 33],
    [3, 50],
    [5, 5],
  ])('is computed with its %i x %i elements', async (m, n) => {
    const { kernels, steps } = await expectProduct(
      runtime(),
      () => [
        relu(product('float32', m, n).add(sample('float32', [n])))
          .mul(0.5)
          .add(sample('float32', [m, 1])),
      ],
      nearly,
    )
    expect(steps.map(({ kind }) => kind)).toEqual(['product'])
    expect(kernels.length).toBe(1)
  })

  it('gives other dtypes and several results', async () => {
    await expectProduct(runtime(), () => {
      const x = product('int8', 20, 30)
      return [x.greater(10), x.cast('uint8'), x.add(1)]
    })
    await expectProduct(runtime(), () => [product('float16', 20, 31).add(1)], { tolerance: 2e-3, absolute: 0.5 })
  })

  it('follows on parts of the depth', async () => {
    const make = () => [
      matmul(sample('float32', [20, 1000]), sample('float32', [1000, 41], 2))
        .add(sample('float32', [41]))
        .mul(2),
    ]
    const { kernels } = await expectProduct(runtime(), make, nearly)
    expect(kernels.length).toBe(2)
  })
})

describeGpu('what follows on a product on a device with the least limits', () => {
  const runtime = withRuntime({ limits: 'minimum', features: [] })
  const product = () => matmul(sample('float32', [20, 24]), sample('float32', [24, 36], 2))

  it('reads more than can be bound', async () => {
    const others = () => Array.from({ length: 9 }, (_, i) => sample('float32', [36], i))
    await expectProduct(runtime(), () => [others().reduce((a, b) => a.add(b), product())], nearly)
  })

  it('is a kernel of its own when it writes too much', async () => {
    const { steps } = await expectProduct(
      runtime(),
      () => {
        const chain = [product().add(1)]
        while (chain.length < 6) chain.push(chain[chain.length - 1].mul(0.75))
        return chain
      },
      nearly,
    )
    expect(steps.map(({ kind }) => kind)).toEqual(['product'])
  })
})
