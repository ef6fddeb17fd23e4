import { argsort, type DType, sort, tensor, topk } from '@surprisal/tensor'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectAgreement } from '../../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { everyDType, sample } from '../../__fixtures__/sample.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'

describeGpu('sorting', () => {
  const runtime = withRuntime()
  const odd = [
    Number.NaN,
    0,
    -0,
    Number.POSITIVE_INFINITY,
    1e-40,
    -1e-40,
    3,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
    3,
    -2,
  ]

  it.each(everyDType)('keeps the order of equal elements of %s', async dtype => {
    for (const descending of [false, true]) {
      const { plain } = await expectAgreement(runtime(), () => [
        argsort(sample(dtype, [300]), { descending }),
        argsort(sample(dtype, [3, 40]), { descending }),
        argsort(sample(dtype, [20, 3]), { dim: 0, descending }),
      ])
      expect(plain).toBe(0)
    }
  })

  it.each<DType>(['float32', 'float16'])('puts NaN of %s behind infinity and holds zeros for equal', async dtype => {
    for (const descending of [false, true])
      await expectAgreement(runtime(), () => [argsort(tensor(odd, { dtype }), { descending })])
  })

  it.each([1, 2, 3, 127, 128, 129, 192, 193, 1024, 1025, 5000])('sorts lines of %i', async n => {
    const { plain } = await expectAgreement(runtime(), () => [
      argsort(sample('float32', [2, n])),
      argsort(sample('int8', [n, 2], 3), { dim: 0, descending: true }),
    ])
    expect(plain).toBe(0)
  })

  it('sorts any strided read', async () => {
    const size = fc.integer({ min: 0, max: 12 })
    await fc.assert(
      fc.asyncProperty(fc.tuple(size, size, size), fc.integer({ min: 0, max: 2 }), async (shape, dim) => {
        await expectAgreement(runtime(), () => [
          argsort(
            sample('float32', [...shape].reverse())
              .permute([2, 1, 0])
              .flip([0]),
            { dim },
          ),
        ])
      }),
      { numRuns: 15, seed: 5 },
    )
  })

  it('gives values and the greatest', async () => {
    const { plain } = await expectAgreement(runtime(), () => {
      const sorted = sort(sample('float32', [4, 70]))
      const top = topk(sample('int32', [4, 1500], 3), 5)
      return [sorted.values, sorted.indices, top.values, top.indices]
    })
    expect(plain).toBe(0)
  })
})
