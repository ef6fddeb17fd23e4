import {
  embedding,
  gather,
  indexAdd,
  indexSelect,
  matmul,
  SurprisalError,
  scatter,
  scatterAdd,
  type Tensor,
  tensor,
} from '@surprisal/tensor'
import { expect, it } from 'vitest'
import { expectAgreement } from '../../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { runPlan } from '../../__fixtures__/run-plan.ts'
import { indices, sample } from '../../__fixtures__/sample.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'

const list = (...numbers: number[]): Tensor => tensor(numbers, { dtype: 'int32' })
const lower = { checkIndices: true }
const wrong = (op: string, index: number, dim: number, size: number): SurprisalError =>
  new SurprisalError('index', `${op}: index ${index} is out of range for dim ${dim} with size ${size}`)

describeGpu('indices out of range', () => {
  const runtime = withRuntime()
  const expectWrong = (make: () => Tensor[], error: SurprisalError): Promise<void> =>
    expect(runPlan(runtime(), make(), lower)).rejects.toThrow(error)

  it.each<[string, () => Tensor, SurprisalError]>([
    ['slices', () => indexSelect(sample('float32', [3, 4]), 1, list(0, 4, 1)), wrong('indexSelect', 4, 1, 4)],
    ['negative ones', () => indexSelect(sample('float32', [3, 4]), 0, list(2, -1)), wrong('indexSelect', -1, 0, 3)],
    ['embeddings', () => embedding(sample('float32', [5, 2]), list(5)), wrong('embedding', 5, 0, 5)],
    [
      'places of sums',
      () => indexAdd(sample('float32', [3]), 0, list(1, 7), sample('float32', [2])),
      wrong('indexAdd', 7, 0, 3),
    ],
    [
      'scattered elements',
      () => scatter(sample('int8', [3]), 0, list(3), sample('int8', [1])),
      wrong('scatter', 3, 0, 3),
    ],
    [
      'many',
      () => scatterAdd(sample('float32', [9]), 0, indices(9, [500]).add(1), sample('float32', [500])),
      wrong('scatterAdd', 9, 0, 9),
    ],
    ['no elements', () => indexSelect(sample('float32', [0, 2]), 0, list(0)), wrong('indexSelect', 0, 0, 0)],
  ])('of %s', async (_, make, error) => {
    await expectWrong(() => [make()], error)
  })

  it('of lookups within other work', async () => {
    const x = () => sample('float32', [4, 5])
    const index = (k: number) => tensor([0, 1, k, 2], { shape: [4, 1], dtype: 'int32' })
    await expectWrong(() => [gather(x(), 1, index(5)).mul(2)], wrong('gather', 5, 1, 5))
    await expectWrong(() => [gather(x(), 1, index(-3)).sum()], wrong('gather', -3, 1, 5))
    await expectWrong(() => [gather(x(), 1, index(9)).mul(3).softmax({ dim: 0 })], wrong('gather', 9, 1, 5))
    await expectWrong(
      () => [matmul(sample('float32', [4, 3]), sample('float32', [3, 1])).add(gather(x(), 1, index(6)))],
      wrong('gather', 6, 1, 5),
    )
  })

  it('are those of the first step that has some, as the greatest of them without a sign', async () => {
    await expectWrong(
      () => [
        indexSelect(sample('float32', [3]), 0, list(5, -7, -2, 4)),
        indexSelect(sample('float32', [3]), 0, list(8)),
      ],
      wrong('indexSelect', -2, 0, 3),
    )
  })

  it('are not reported where there are none', async () => {
    await expectAgreement(
      runtime(),
      () => [
        indexSelect(sample('float32', [3, 4]), 1, indices(4, [100])),
        indexAdd(sample('float32', [7, 2]), 0, indices(7, [5]), sample('float32', [5, 2])),
        gather(sample('float32', [70, 5]), 1, indices(5, [70, 3])).sum({ dim: 1 }),
        indexSelect(sample('float32', [0, 4]), 0, list()),
      ],
      { lower, tolerance: 1e-5, absolute: 1e-5 },
    )
  })
})
