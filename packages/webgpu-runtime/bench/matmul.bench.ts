import { type BenchCase, defineBench, type InputSpec } from '@surprisal/bench'

const product: Pick<BenchCase, 'device' | 'ours' | 'peers' | 'targets' | 'tolerance'> = {
  device: 'webgpu',
  tolerance: { atol: 1e-3 },
  ours: ({ a, b }) => a.matmul(b),
  peers: {
    tfjs: ({ a, b }, tf) => tf.matMul(a, b),
    'jax-js': ({ a, b }, { numpy: np }) => np.matmul(a, b),
  },
  targets: { tfjs: 1, 'jax-js': 1 },
}

const operands = (m: number, k: number, n: number, batch: readonly number[] = []): Record<string, InputSpec> => ({
  a: { shape: [...batch, m, k] },
  b: { shape: [...batch, k, n] },
})

const square = (n: number) =>
  defineBench({
    ...product,
    case: `matmul-${n}`,
    inputs: operands(n, n, n),
    onSoftware: operands(n / 4, n / 4, n / 4),
    work: { flops: 2 * n ** 3 },
  })

const [batch, rows, width] = [64, 256, 64]

export default [
  square(256),
  square(512),
  square(1024),
  defineBench({
    ...product,
    case: 'matmul-batched',
    inputs: operands(rows, width, rows, [batch]),
    onSoftware: operands(rows / 4, width / 2, rows / 4, [batch / 8]),
    work: { flops: 2 * batch * rows * width * rows },
  }),
]
