import {
  embedding,
  gather,
  indexAdd,
  indexSelect,
  scatter,
  scatterAdd,
  scatterReduce,
  take,
  tensor,
} from '@surprisal/tensor'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectAgreement } from '../../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { runPlan } from '../../__fixtures__/run-plan.ts'
import { everyDType, indices, sample } from '../../__fixtures__/sample.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'

const near = { tolerance: 1e-5, absolute: 1e-4 }

describeGpu('looking up', () => {
  const runtime = withRuntime()

  it.each(everyDType)('gives slices and elements of %s', async dtype => {
    const { plain } = await expectAgreement(runtime(), () => [
      indexSelect(sample(dtype, [5, 7]), 0, indices(5, [9])),
      indexSelect(sample(dtype, [4, 6]).transpose(0, 1), 1, indices(4, [5])),
      embedding(sample(dtype, [10, 3]), indices(10, [2, 4])),
      take(sample(dtype, [3, 4]), indices(12, [7])),
      gather(sample(dtype, [4, 5]), 1, indices(5, [4, 3])),
      indexSelect(sample(dtype, [5, 0, 2]), 0, indices(5, [3]).cast('uint8')),
    ])
    expect(plain).toBe(0)
  })
})

describeGpu('scattering', () => {
  const runtime = withRuntime()

  it.each(everyDType)('of %s takes the last', async dtype => {
    for (const n of [5, 200]) {
      const { plain } = await expectAgreement(runtime(), () => [
        scatter(sample(dtype, [n, 3]), 0, indices(n, [n, 2]), sample(dtype, [n, 3], 4)),
        scatter(sample(dtype, [3, 7]), 1, indices(7, [2, n]), sample(dtype, [2, n], 4)),
      ])
      expect(plain).toBe(0)
    }
  })

  it.each(everyDType)('of %s adds', async dtype => {
    const options = dtype === 'float16' ? { tolerance: 2e-3, absolute: 1e-2 } : near
    for (const n of [6, 300]) {
      const { plain } = await expectAgreement(
        runtime(),
        () => [
          scatterAdd(sample(dtype, [4, 9]), 1, indices(9, [3, n]), sample(dtype, [4, n], 2)),
          indexAdd(sample(dtype, [5, 3]), 0, indices(5, [n]), sample(dtype, [n, 3], 2)),
          indexAdd(sample(dtype, [3, 5]), 1, indices(5, [n]), sample(dtype, [n, 3], 2).transpose(0, 1)),
        ],
        options,
      )
      expect(plain).toBe(0)
    }
  })

  it.each(['prod', 'amax', 'amin', 'mean'] as const)('reduces by %s', async reduce => {
    for (const n of [6, 100])
      await expectAgreement(
        runtime(),
        () => [
          scatterReduce(sample('float32', [20, 2]), 0, indices(20, [n, 2]), sample('float32', [n, 2], 2), { reduce }),
        ],
        near,
      )
  })

  it('holds on to NaN', async () => {
    await expectAgreement(runtime(), () => [
      scatterReduce(tensor([1, Number.NaN, 3]), 0, tensor([0, 2, 2], { dtype: 'int32' }), tensor([Number.NaN, 2, 7]), {
        reduce: 'amax',
      }),
    ])
  })

  it('gives the same as one by one, whatever collides', async () => {
    const size = fc.integer({ min: 1, max: 90 })
    await fc.assert(
      fc.asyncProperty(size, size, fc.integer({ min: 1, max: 4 }), fc.boolean(), async (n, places, width, last) => {
        const [dim, of] = last ? [1, (k: number) => [width, k]] : [0, (k: number) => [k, width]]
        await expectAgreement(
          runtime(),
          () => [
            scatterAdd(sample('float32', of(places)), dim, indices(places, of(n)), sample('float32', of(n), 3)),
            scatter(sample('uint8', of(places)), dim, indices(places, of(n)), sample('uint8', of(n), 3)),
          ],
          near,
        )
      }),
      { numRuns: 15, seed: 9 },
    )
  })

  it('gives the same bits at each run', async () => {
    const make = () => [
      scatterAdd(sample('float32', [3]), 0, indices(3, [3000]), sample('float32', [3000], 2).mul(0.1)),
    ]
    const [first, second] = [await expectAgreement(runtime(), make, near), await expectAgreement(runtime(), make, near)]
    expect(second.results).toEqual(first.results)
  })

  it('leaves out what has no place', async () => {
    const { results } = await runPlan(runtime(), [
      scatterAdd(tensor([1, 2]), 0, tensor([0, 5, -1, 1], { dtype: 'int32' }), tensor([10, 20, 30, 40])),
      indexSelect(tensor([1, 2]), 0, tensor([2, 0, -1], { dtype: 'int32' })),
      indexSelect(tensor([1, 2], { dtype: 'uint8' }), 0, tensor([2, 0, -1], { dtype: 'int32' })),
    ])
    expect(results.map(x => [...x])).toEqual([
      [11, 42],
      [Number.NaN, 1, Number.NaN],
      [0, 1, 0],
    ])
  })
})
