import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  gradients,
  type HostArray,
  Parameter,
  sum,
  type Tensor,
  type TensorLike,
  tensor,
  valueAndGrad,
} from './index.ts'

const x = tensor([[1, 2]])

describe('types that a consumer sees', () => {
  it('methods have the options of their functions', () => {
    expectTypeOf<Parameters<Tensor['sum']>[0]>().toEqualTypeOf<Parameters<typeof sum>[1]>()
    expectTypeOf(x.sum({ dim: 1, keepdim: true })).toEqualTypeOf<Tensor>()
    expectTypeOf<Parameters<Tensor['matmul']>>().toEqualTypeOf<[b: TensorLike]>()
    expect(x.sum({ dim: 1 }).shape).toEqual([1])
  })

  it('wrong options are type errors', () => {
    // @ts-expect-error a dim is a number or a list of numbers
    expect(() => x.sum({ dim: 'last' })).toThrow('sum: dim must be')
    // @ts-expect-error options are an object
    expect(() => x.sum(1)).toThrow('sum: ')
    // @ts-expect-error there is no such dtype
    expect(() => x.cast('float64')).toThrow('cast: dtype must be')
  })

  it('reads give host arrays and numbers, gradients tensors or null', () => {
    expectTypeOf(x.data()).resolves.toEqualTypeOf<HostArray>()
    expectTypeOf(x.sum().item()).resolves.toEqualTypeOf<number | boolean>()
    expectTypeOf(gradients(x.sum(), [new Parameter(x), x])).toEqualTypeOf<Tensor[]>()
    expectTypeOf(gradients(x.sum(), [x], { allowUnused: true })).toEqualTypeOf<(Tensor | null)[]>()
    const { grads } = valueAndGrad((cell: Parameter) => sum(cell))(new Parameter(x))
    expect(grads.map(grad => grad.shape)).toEqual([[1, 2]])
  })
})
