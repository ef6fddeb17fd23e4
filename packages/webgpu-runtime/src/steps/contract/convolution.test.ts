import { conv1d, conv2d, convTranspose2d, gradients, matmul, sum, type Tensor } from '@surprisal/tensor'
import { expect, it } from 'vitest'
import { expectAgreement } from '../../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { sample } from '../../__fixtures__/sample.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'

const near = { tolerance: 1e-5, absolute: 2e-3 }

describeGpu('convolutions', () => {
  const runtime = withRuntime()

  it.each([
    { padding: 0, stride: 1, dilation: 1, groups: 1 },
    { padding: 2, stride: 2, dilation: 1, groups: 1 },
    { padding: 1, stride: 1, dilation: 2, groups: 1 },
    { padding: 1, stride: 2, dilation: 1, groups: 2 },
    { padding: 0, stride: 1, dilation: 1, groups: 4 },
  ])('read windows in place: %o', async options => {
    const { plain } = await expectAgreement(
      runtime(),
      () => [
        conv2d(
          sample('float32', [2, 4, 11, 9]),
          sample('float32', [8, 4 / options.groups, 3, 2], 2),
          sample('float32', [8], 3),
          options,
        ),
      ],
      near,
    )
    expect(plain).toBe(0)
  })

  it('have gradients towards everything', async () => {
    const make = (): Tensor[] => {
      const [x, weight, bias] = [
        sample('float32', [2, 3, 8, 7]),
        sample('float32', [4, 3, 3, 3], 2),
        sample('float32', [4], 3),
      ]
      const y = conv2d(x, weight, bias, { padding: 1, stride: 2 })
      return gradients(sum(y.mul(sample('float32', [...y.shape], 5))), [x, weight, bias])
    }
    const { plain } = await expectAgreement(runtime(), make, near)
    expect(plain).toBe(0)
  })

  it('of other ranks, and turned around', async () => {
    const { plain } = await expectAgreement(
      runtime(),
      () => [
        conv1d(sample('float32', [2, 3, 20]), sample('float32', [5, 3, 4], 2)),
        convTranspose2d(sample('float32', [1, 3, 5, 4]), sample('float32', [3, 2, 3, 3], 2), null, {
          stride: 2,
          padding: 1,
        }),
      ],
      near,
    )
    expect(plain).toBe(0)
  })
})

describeGpu('gradients of products', () => {
  const runtime = withRuntime()

  it.each([
    [4, 20, 30],
    [33, 5, 40],
    [70, 64, 3],
  ])('of %i rows, depth %i, %i columns', async (m, k, n) => {
    const { plain } = await expectAgreement(
      runtime(),
      () => {
        const [x, w] = [sample('float32', [m, k]), sample('float32', [k, n], 2)]
        const y = matmul(x, w).mul(0.1).tanh()
        return gradients(sum(y.mul(sample('float32', [m, n], 4))), [x, w])
      },
      { tolerance: 1e-4, absolute: 5e-3 },
    )
    expect(plain).toBe(0)
  })

  it('of batches that share an operand', async () => {
    const { plain } = await expectAgreement(
      runtime(),
      () => {
        const [x, w] = [sample('float32', [3, 2, 10, 6]), sample('float32', [2, 6, 17], 2)]
        return [matmul(x, w), ...gradients(sum(matmul(x, w)), [x, w])]
      },
      near,
    )
    expect(plain).toBe(0)
  })
})
