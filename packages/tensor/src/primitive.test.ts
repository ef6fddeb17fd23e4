import { describe, expect, it } from 'vitest'
import { tensor } from './index.ts'
import * as primitive from './primitive.ts'

const values = async (x: ReturnType<typeof tensor>): Promise<number[]> => Array.from(await x.data())

describe('primitive builders', () => {
  it('broadcast operands and keep or change the dtype', async () => {
    const sum = primitive.binary('add', 'add', tensor([[1], [2]]), tensor([10, 20]))
    expect(sum.shape).toEqual([2, 2])
    expect(await values(sum)).toEqual([11, 21, 12, 22])
    expect(primitive.binary('less', 'less', tensor([1]), tensor([2])).dtype).toBe('bool')
    expect(primitive.unary('isnan', 'isnan', tensor([1])).dtype).toBe('bool')
  })

  it('compute halves in float32 and round once', async () => {
    const third = primitive.binary('div', 'div', tensor([1], { dtype: 'float16' }), tensor([3], { dtype: 'float16' }))
    expect(third.dtype).toBe('float16')
    expect(await values(third)).toEqual([0.333251953125])
    const composed = primitive.inFloat32('twice', tensor([2048], { dtype: 'float16' }), x =>
      primitive.binary('twice', 'sub', primitive.binary('twice', 'add', x, tensor([1])), tensor([2048])),
    )
    expect(await values(composed)).toEqual([1])
  })

  it('round constants beside halves', async () => {
    expect(await values(primitive.constant('add', 0.1, 'float16'))).toEqual([0.0999755859375])
  })

  it('views and folds are adjoint', async () => {
    const map = { shape: [2, 2], strides: [1, 1], offset: 0, guard: null }
    expect(await values(primitive.view('unfold', tensor([1, 2, 3]), map))).toEqual([1, 2, 2, 3])
    expect(
      await values(
        primitive.fold(
          'unfold',
          tensor([
            [1, 1],
            [1, 1],
          ]),
          map,
          [3],
        ),
      ),
    ).toEqual([1, 2, 1])
  })

  it('reduceKeep keeps reduced dims as 1', () => {
    expect(primitive.reduceKeep('sum', 'sum', tensor([[1, 2]]), [1]).shape).toEqual([1, 1])
    expect(primitive.reduce('argmax', 'argmax', tensor([[1, 2]]), [1]).dtype).toBe('int32')
  })

  it('returns the same tensor when nothing changes', () => {
    const x = tensor([1, 2])
    expect(primitive.reshapeTo('reshape', x, [2])).toBe(x)
    expect(primitive.broadcastTo('expand', x, [2])).toBe(x)
    expect(primitive.cast('cast', x, 'float32')).toBe(x)
    expect(primitive.isEmpty(tensor([]))).toBe(true)
  })
})
