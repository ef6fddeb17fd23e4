import { cast, type DType, type Tensor, tensor } from '@surprisal/tensor'
import { expect, it } from 'vitest'
import { expectAgreement } from '../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'

const noise = (shape: readonly number[], dtype: DType = 'float32'): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  const data = Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898))
  return cast(tensor(data, { shape: [...shape] }).mul(10), dtype)
}

describeGpu('reductions of long rows', () => {
  const runtime = withRuntime()

  it('are shared by several workgroups', async () => {
    const { kernels } = await expectAgreement(
      runtime(),
      () => [noise([2, 40_000]).square().sum({ dim: 1 }).add(1).sqrt()],
      {
        tolerance: 1e-6,
      },
    )
    expect(kernels.map(({ groups }) => groups)).toEqual([20, 2])
  })

  it('and of long columns', async () => {
    const { kernels } = await expectAgreement(
      runtime(),
      () => {
        const x = noise([20_000, 3])
        return [x.max({ dim: 0 }), x.argmin({ dim: 0 }), x.abs().mean({ dim: 0 })]
      },
      { tolerance: 1e-6 },
    )
    expect(kernels.some(({ storage }) => storage.some(({ kind }) => kind === 'partial'))).toBe(true)
  })

  it.each([
    ['sum', 'int32'],
    ['prod', 'float32'],
    ['min', 'uint8'],
    ['any', 'float32'],
    ['all', 'bool'],
    ['argmax', 'int8'],
  ] as const)('%s of %s', async (f, dtype) => {
    await expectAgreement(
      runtime(),
      () => {
        const x = noise([17_000], dtype)
        return [f === 'prod' ? x.mul(0).add(1.0001).prod() : x[f]()]
      },
      { tolerance: 1e-4 },
    )
  })

  it('do not lose small terms', async () => {
    await expectAgreement(runtime(), () => [tensor(0.1).expand([3_000_000]).sum()], { tolerance: 3e-6 })
  })

  it('see a NaN, and the first of equals', async () => {
    await expectAgreement(runtime(), () => {
      const x = noise([33_000]).clamp({ min: -5, max: 5 })
      const y = tensor(Float32Array.from({ length: 33_000 }, (_, i) => (i % 16_000 === 15_999 ? Number.NaN : i)))
      return [x.argmin(), y.max(), y.argmax()]
    })
  })
})
