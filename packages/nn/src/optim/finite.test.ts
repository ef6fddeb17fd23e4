import { compile, SurprisalError, type Tensor, tensor } from '@surprisal/tensor'
import { expect, it } from 'vitest'
import { isFiniteNow, requireFiniteGradients } from './finite.ts'

it('gradients are looked at in one read', async () => {
  const rows = (values: number[][]) => ({ rows: tensor([1], { dtype: 'int32' }), values: tensor(values) })
  await requireFiniteGradients([])
  await requireFiniteGradients([null])
  await requireFiniteGradients([null, tensor([1, 2]), rows([[3]])])
  const wrong = new SurprisalError('argument', 'requireFiniteGradients: gradient 2 must be finite')
  await expect(requireFiniteGradients([null, tensor([1]), tensor([1, Number.NaN])])).rejects.toEqual(wrong)
  await expect(requireFiniteGradients([tensor([1]), null, rows([[-Infinity]])])).rejects.toEqual(wrong)
  await expect(requireFiniteGradients([3 as never])).rejects.toThrow(
    'requireFiniteGradients: gradient 0 must be a tensor, rows or null, got number 3',
  )
})

it('a look at once is refused where it would have to wait', () => {
  expect([tensor([1, 2]), tensor([1, Infinity])].map(x => isFiniteNow('SGD', x))).toEqual([true, false])
  const f = compile((x: Tensor) => {
    isFiniteNow('SGD', x)
    return x
  })
  expect(() => f(tensor([1]))).toThrow('SGD: errorIfNonfinite cannot wait for cpu')
})
