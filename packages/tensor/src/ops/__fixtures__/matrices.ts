import { normal, randomKey, type Tensor, tensor } from '../../index.ts'
import { expectClose } from './test-tools.ts'

/** Normal numbers in memory. */
export const randomTensor = (seed: number, ...shape: number[]): Tensor =>
  tensor(normal(randomKey(seed), shape).dataSync(), { shape })

/** Positive definite matrices. */
export function definite(seed: number, ...shape: number[]): Tensor {
  const x = randomTensor(seed, ...shape)
  return tensor(
    x
      .matmul(x.transpose(-1, -2))
      .add(unit(shape[shape.length - 1]))
      .dataSync(),
    { shape },
  )
}

/** The n x n unit matrix. */
export const unit = (n: number): Tensor =>
  tensor(
    Float32Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0)),
    { shape: [n, n] },
  )

/** Every element within `tolerance` of its counterpart, after broadcasting. */
export function expectEqual(x: Tensor, y: Tensor, tolerance = 1e-5): void {
  const difference = x.sub(y)
  expectClose(difference, new Array<number>(difference.size).fill(0), 0, tolerance)
}
