import { cummax, cummin, cumprod, cumsum, logcumsumexp, tensor } from '@surprisal/tensor'
import { expect, it } from 'vitest'
import { expectAgreement } from '../../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { everyDType, sample } from '../../__fixtures__/sample.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'

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
})
