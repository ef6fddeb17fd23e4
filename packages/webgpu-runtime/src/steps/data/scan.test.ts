import { cummax, cummin, cumprod, cumsum, logcumsumexp, tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectAgreement } from '../../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { ints, runKernels } from '../../__fixtures__/run-kernels.ts'
import { everyDType, sample } from '../../__fixtures__/sample.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'
import { lowerScan } from './scan.ts'

const near = { tolerance: 1e-5, absolute: 1e-4 }

describeGpu('running results', () => {
  const runtime = withRuntime()

  it.each(everyDType)('of %s, in every direction', async dtype => {
    const options = dtype === 'float16' ? { tolerance: 2e-3, absolute: 1e-2 } : near
    for (const exclusive of [false, true])
      for (const reverse of [false, true]) {
        const { plain } = await expectAgreement(
          runtime(),
          () => [
            cumsum(sample(dtype, [7, 5]), { exclusive, reverse }),
            cumsum(sample(dtype, [130, 2]).transpose(0, 1), { dim: 1, exclusive, reverse }),
            cumprod(sample(dtype, [3, 4]), { dim: 0, exclusive, reverse }),
          ],
          options,
        )
        expect(plain).toBe(0)
      }
  })

  it.each([1, 64, 65, 100, 1000, 5000])('of lines of %i', async n => {
    const { plain } = await expectAgreement(
      runtime(),
      () => {
        const x = sample('float32', [2, n])
        const [most, least] = [cummax(x, { dim: 1 }), cummin(sample('int8', [n, 3]), { dim: 0 })]
        return [cumsum(x, { reverse: true }), logcumsumexp(x), most.values, most.indices, least.values, least.indices]
      },
      near,
    )
    expect(plain).toBe(0)
  })

  it('hold on to NaN and add infinities', async () => {
    const numbers = Array.from({ length: 100 }, (_, i) =>
      i === 70 ? Number.NaN : i === 20 ? Number.POSITIVE_INFINITY : i,
    )
    await expectAgreement(
      runtime(),
      () => {
        const x = tensor(numbers)
        return [
          cumsum(x),
          cummax(x, { dim: 0 }).indices,
          cummin(x, { dim: 0 }).indices,
          logcumsumexp(x),
          logcumsumexp(x.neg()),
        ]
      },
      near,
    )
  })

  it('wrap integers', async () => {
    await expectAgreement(runtime(), () => [
      cumprod(sample('int32', [200]).mul(2).add(1)),
      cumsum(sample('int32', [200]).mul(1 << 27)),
    ])
  })

  it('of many lines and of no elements', async () => {
    const { kernels } = await expectAgreement(
      runtime(),
      () => [cumsum(sample('float32', [80, 4096]), { dim: 0 }), cumsum(sample('float32', [0, 3]))],
      near,
    )
    expect(kernels.length).toBe(1)
  })

  it('are those of a loop, whatever is cut', async () => {
    const size = fc.integer({ min: 1, max: 150 })
    await fc.assert(
      fc.asyncProperty(
        size,
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.boolean(),
        async (n, width, exclusive, reverse) => {
          const map = { shape: [n, width], strides: [width, 1], offset: 0, guard: null }
          const scan = { f: 'sum', dim: 0, exclusive, reverse, x: { dtype: 'int32', map }, dtype: 'int32' } as const
          const data = Int32Array.from({ length: n * width }, (_, i) => ((i * 37) % 101) - 50)
          const expected = new Int32Array(n * width)
          for (let column = 0; column < width; column++)
            for (let k = 0, sum = 0; k < n; k++) {
              const at = (reverse ? n - 1 - k : k) * width + column
              if (exclusive) expected[at] = sum
              sum += data[at]
              if (!exclusive) expected[at] = sum
            }
          expect(ints(await runKernels(runtime(), lowerScan(scan), [data], 4 * n * width))).toEqual([...expected])
        },
      ),
      { numRuns: 25, seed: 2 },
    )
  })
})
