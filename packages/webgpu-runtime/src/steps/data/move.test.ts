import { arange, cat, pad } from '@surprisal/tensor'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectAgreement } from '../../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { everyDType as dtypes, sample } from '../../__fixtures__/sample.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'

describeGpu('padding', () => {
  const runtime = withRuntime()

  it.each(dtypes)('fills what lies outside of %s', async dtype => {
    const { plain } = await expectAgreement(runtime(), () => [
      pad(sample(dtype, [3, 5]), [1, 2, 0, 3], { value: 1 }),
      pad(sample(dtype, [7]), [2, 0]),
      pad(sample(dtype, [2, 3, 4]).transpose(0, 2), [0, 1, 0, 0, 2, 2]),
    ])
    expect(plain).toBe(0)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.1])('fills with %d', async value => {
    const { plain } = await expectAgreement(runtime(), () => [
      pad(sample('float32', [4]), [1, 1], { value }),
      pad(sample('float16', [4]), [1, 1], { value }),
    ])
    expect(plain).toBe(0)
  })
})

describeGpu('joining', () => {
  const runtime = withRuntime()

  it.each(dtypes)('puts reads of %s one behind the other', async dtype => {
    const { plain } = await expectAgreement(runtime(), () => [
      cat([sample(dtype, [2, 3]), sample(dtype, [1, 3], 2), sample(dtype, [3, 4], 3).slice(1, { end: 3 })], { dim: 0 }),
      cat([sample(dtype, [3, 2]).transpose(0, 1), sample(dtype, [2, 1], 2).expand([2, 5])], { dim: 1 }),
      cat([sample(dtype, [5]), sample(dtype, [0]), sample(dtype, [6], 4)]),
    ])
    expect(plain).toBe(0)
  })

  it('has any number of operands', async () => {
    const dim = fc.integer({ min: 0, max: 4 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(dim, { minLength: 2, maxLength: 20 }),
        fc.constantFrom(...dtypes),
        async (sizes, dtype) => {
          const { plain } = await expectAgreement(runtime(), () => [
            cat(
              sizes.map((n, k) => sample(dtype, [3, n], k)),
              { dim: 1 },
            ),
          ])
          expect(plain).toBe(0)
        },
      ),
      { numRuns: 15, seed: 2 },
    )
  })

  it('adds what was joined', async () => {
    const { plain } = await expectAgreement(runtime(), () => [
      cat([arange(4), arange(3)])
        .mul(2)
        .add(cat([arange(1), arange(6)])),
    ])
    expect(plain).toBe(0)
  })
})

describeGpu('joining on a device with the least limits', () => {
  const runtime = withRuntime({ limits: 'minimum', features: [] })

  it('takes several kernels', async () => {
    const { kernels } = await expectAgreement(runtime(), () => [
      cat(Array.from({ length: 17 }, (_, k) => sample('float32', [k % 5], k))),
    ])
    expect(kernels.length).toBe(2)
  })
})
