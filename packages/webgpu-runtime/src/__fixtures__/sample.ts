import { cast, type DType, type Tensor, tensor } from '@surprisal/tensor'

/** All dtypes. */
export const everyDType: readonly DType[] = ['float32', 'float16', 'int32', 'uint8', 'int8', 'bool']

/** Numbers that look random, multiples of a quarter from -15 to 15. */
export function sample(dtype: DType, shape: readonly number[], seed = 1): Tensor {
  const size = shape.reduce((a, b) => a * b, 1)
  const numbers = Array.from({ length: size }, (_, i) => Math.round(60 * Math.sin((i + 1) * 7.1 + seed * 1.7)) / 4)
  return cast(tensor(numbers, { shape: [...shape] }), dtype)
}

/** Indices below `size`, some of them equal. */
export function indices(size: number, shape: readonly number[], seed = 1): Tensor {
  const count = shape.reduce((a, b) => a * b, 1)
  const numbers = Array.from({ length: count }, (_, i) =>
    Math.floor((Math.sin((i + 1) * 12.9 + seed) * 0.4999 + 0.5) * size),
  )
  return tensor(numbers, { shape: [...shape], dtype: 'int32' })
}
