import { toBeAllclose } from '@surprisal/testing'
import { expect } from 'vitest'
import { type DType, gradients, SurprisalError, type Tensor, tensor } from '../../index.ts'

/** The elements as a plain list, bools as 0 and 1. */
export const numbers = (x: Tensor): number[] => Array.from(x.dataSync())

export const tensorOf = (dtype: DType, data: readonly number[], shape: readonly number[] = [data.length]): Tensor =>
  tensor([...data], { dtype, shape: [...shape] })

export const float = (data: readonly number[], shape?: readonly number[]): Tensor => tensorOf('float32', data, shape)

/** Shape, dtype and elements at once. */
export function expectTensor(x: Tensor, dtype: DType, shape: readonly number[], data: readonly number[]): void {
  expect({ dtype: x.dtype, shape: [...x.shape], data: numbers(x) }).toEqual({
    dtype,
    shape: [...shape],
    data: [...data],
  })
}

export function expectClose(x: Tensor, data: readonly number[], rtol = 1e-6, atol = 1e-7): void {
  const result = toBeAllclose(x, data, { rtol, atol })
  expect(result.pass, result.message()).toBe(true)
}

/** The gradient of the sum of `f(x)`, as a list. */
export const slope = (f: (x: Tensor) => Tensor, x: Tensor): number[] => numbers(gradients(f(x).sum(), [x])[0])

/** A `SurprisalError` with this code and this whole message. */
export function expectError(call: () => unknown, code: SurprisalError['code'], message: string): void {
  expect(call).toThrow(new SurprisalError(code, message))
}
