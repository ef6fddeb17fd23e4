import type { Tensor } from '@surprisal/tensor'

/** What the devices are compared by. */
export type WorkName = 'matmul' | 'chain'

/** Something to compute, of a size that one chooses. */
export interface Work {
  readonly title: string
  readonly description: string
  /** What a size counts. */
  readonly sizeLabel: string
  readonly sizes: readonly number[]
  /** The size to begin with, on a real GPU and on one that a processor plays. */
  readonly startSize: { readonly gpu: number; readonly software: number }
  /** Shape of each of the two operands. */
  shape(size: number): number[]
  compute(x: Tensor, y: Tensor): Tensor
  /** What a run counts in `rateUnit` times a second. */
  count(size: number): number
  readonly rateUnit: 'GFLOP/s' | 'GB/s'
}

/** Each kind of work, by name. */
export const works: Readonly<Record<WorkName, Work>> = {
  matmul: {
    title: 'Matrix product',
    description: 'Two square matrices of float32: 2n³ operations.',
    sizeLabel: 'Rows and columns',
    sizes: [64, 128, 256, 512, 1024, 2048],
    startSize: { gpu: 1024, software: 128 },
    shape: n => [n, n],
    compute: (x, y) => x.matmul(y),
    count: n => 2 * n ** 3,
    rateUnit: 'GFLOP/s',
  },
  chain: {
    title: 'Fused chain',
    description:
      'silu(x · y + 0.5) · x − 0.25 · y: seven operations in one kernel that reads two values and writes one.',
    sizeLabel: 'Elements',
    sizes: [2 ** 12, 2 ** 16, 2 ** 18, 2 ** 20, 2 ** 22, 2 ** 24],
    startSize: { gpu: 2 ** 22, software: 2 ** 16 },
    shape: n => [n],
    compute(x, y) {
      const z = x.mul(y).add(0.5)
      return z.mul(z.sigmoid()).mul(x).sub(y.mul(0.25))
    },
    count: n => 12 * n,
    rateUnit: 'GB/s',
  },
}
