import { cast, type DType, type Tensor, tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectAgreement } from '../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'

const noise = (shape: readonly number[], dtype: DType = 'float32', seed = 1): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  const data = Array.from({ length: size }, (_, i) => Math.round(1000 * Math.sin((i + seed) * 12.9898)) / 250)
  return cast(tensor(data, { shape: [...shape] }), dtype)
}
const reductions = ['sum', 'prod', 'max', 'min', 'any', 'all', 'argmax', 'argmin']
const reduce = (f: string, x: Tensor, dim: number | number[]): Tensor =>
  (x as unknown as Record<string, (o: object) => Tensor>)[f]({ dim })
const close = { tolerance: 2e-6, absolute: 1e-5 }

describeGpu('reductions', () => {
  const runtime = withRuntime()

  it.each(reductions)('%s of rows and columns of any length', async f => {
    for (const n of [1, 17, 300, 1025])
      await expectAgreement(
        runtime(),
        () => {
          const x = noise([3, n]).mul(f === 'prod' ? 0.4 : 1)
          return [reduce(f, x, 1), reduce(f, x.transpose(0, 1), 0)]
        },
        { tolerance: 1e-5, absolute: 1e-5 },
      )
  })

  it.each(['int32', 'uint8', 'int8', 'bool'] as const)('of %s are exact', async dtype => {
    const length = dtype === 'bool' ? 3 : 130
    for (const f of reductions)
      await expectAgreement(runtime(), () => {
        const x = noise([5, length], dtype, length)
        return [reduce(f, x, 1), reduce(f, x, 0)]
      })
  })

  it('see NaN and infinities', async () => {
    const rows = [
      [1, Number.NaN, 3, Number.NaN],
      [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
      [Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY, 0],
      [2, 2, -2, -2],
    ]
    for (const f of reductions) {
      await expectAgreement(runtime(), () => [reduce(f, tensor(rows), 1), reduce(f, tensor(rows), 0)])
      await expectAgreement(runtime(), () => [
        reduce(f, tensor(rows).expand([9, 4, 4]).permute([1, 0, 2]).reshape([4, 36]), 1),
      ])
    }
  })

  it('of nothing give what adding nothing gives', async () => {
    await expectAgreement(runtime(), () => {
      const x = tensor([], { shape: [3, 0] })
      return [x.sum({ dim: 1 }), x.prod({ dim: 1 }), x.any({ dim: 1 }), x.all({ dim: 1 }), x.sum({ dim: 0 })]
    })
  })

  it('do not lose small terms', async () => {
    const { kernels } = await expectAgreement(runtime(), () => [tensor(0.1).expand([70_000]).sum()], {
      tolerance: 3e-6,
    })
    expect(kernels[0].workgroup).toBe(256)
  })

  it('of any dims, with any views', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        fc.constantFrom(...reductions.slice(0, 4)),
        async (shape, flags, f) => {
          const dims = shape.map((_, d) => d).filter(d => flags[d])
          if (dims.length === 0) return
          await expectAgreement(
            runtime(),
            () => {
              const x = noise(shape)
              const turned = x.permute(shape.map((_, d) => shape.length - 1 - d))
              return [reduce(f, x.add(1), dims), reduce(f, turned.mul(0.5), dims)]
            },
            close,
          )
        },
      ),
      { numRuns: 25, seed: 2 },
    )
  })

  it('are fused with what stands before, between and behind them', async () => {
    for (const n of [5, 1500])
      await expectAgreement(
        runtime(),
        () => {
          const x = noise([6, n])
          const y = x.layerNorm([n], noise([n], 'float32', 5), noise([n], 'float32', 6))
          return [
            x.softmax(),
            x.logSoftmax(),
            y,
            x.logsumexp({ dim: 1 }),
            x.var({ dim: 1 }),
            x.square().sum({ dim: 0 }).sqrt(),
          ]
        },
        { tolerance: 2e-5, absolute: 2e-5 },
      )
    const { kernels } = await expectAgreement(runtime(), () => [noise([6, 40]).softmax()], close)
    expect(kernels).toHaveLength(1)
  })

  it('store packed elements beside those of other rows', async () => {
    for (const n of [3, 5, 30])
      await expectAgreement(runtime(), () => {
        const x = noise([7, n])
        const mean = x.mean({ dim: 1, keepdim: true })
        return [
          x.greater(mean),
          x.sub(mean).greater(0).any({ dim: 0 }),
          cast(x.sub(x.max({ dim: 1, keepdim: true })), 'int8'),
          mean.greater(0),
        ]
      })
    await expectAgreement(
      runtime(),
      () => [noise([7, 5], 'float16').softmax(), noise([7, 50], 'float16').sum({ dim: 1 })],
      { tolerance: 2e-3, absolute: 1e-3 },
    )
  })

  it('are each of one invocation where barriers cost most', async () => {
    const lower = { adapter: 'software' } as const
    for (const f of reductions)
      for (const [count, n] of [
        [20, 17],
        [16, 300],
        [3, 200],
      ]) {
        const { kernels } = await expectAgreement(
          runtime(),
          () => {
            const x = noise([count, n]).mul(f === 'prod' ? 0.4 : 1)
            return [reduce(f, x, 1), reduce(f, x.transpose(0, 1), 0)]
          },
          { tolerance: 1e-5, absolute: 1e-5, lower },
        )
        expect(kernels.map(({ workgroup }) => workgroup)).toEqual([16, 16])
        expect(kernels.some(({ wgsl }) => wgsl.includes('workgroupBarrier'))).toBe(false)
      }
    const { kernels } = await expectAgreement(runtime(), () => [noise([3, 300]).sum({ dim: 1 })], { ...close, lower })
    expect(kernels[0].wgsl).toContain('workgroupBarrier')
  })

  it('are fused, and long columns cut, where each is of one invocation', async () => {
    const lower = { adapter: 'software' } as const
    await expectAgreement(
      runtime(),
      () => {
        const x = noise([20, 70])
        return [x.softmax(), x.logSoftmax(), x.layerNorm([70]), x.greater(x.mean({ dim: 1, keepdim: true }))]
      },
      { tolerance: 2e-5, absolute: 2e-5, lower },
    )
    const { kernels } = await expectAgreement(
      runtime(),
      () => {
        const x = noise([20_000, 20])
        return [x.mean({ dim: 0 }), x.argmax({ dim: 0 })]
      },
      { tolerance: 2e-6, absolute: 2e-5, lower },
    )
    expect(kernels.some(({ storage }) => storage.some(({ kind }) => kind === 'partial'))).toBe(true)
  })
})
