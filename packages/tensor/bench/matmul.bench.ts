import { defineBench } from '@surprisal/bench'

const square = (n: number) =>
  defineBench({
    case: `matmul-${n}`,
    inputs: { a: { shape: [n, n] }, b: { shape: [n, n] } },
    work: { flops: 2 * n ** 3 },
    tolerance: { atol: 1e-3 },
    ours: ({ a, b }) => a.matmul(b),
    peers: {
      tfjs: ({ a, b }, tf) => tf.matMul(a, b),
      'jax-js': ({ a, b }, { numpy: np }) => np.matmul(a, b),
      ort: { nodes: [{ op: 'MatMul', inputs: ['a', 'b'], output: 'y' }], outputs: { y: [n, n] } },
      torch: 'torch.matmul(a, b)',
    },
    targets: { tfjs: 1.4, 'jax-js': 1.4, ort: 1.5, torch: 0.4 },
    limits: { guideMs: (2 * n ** 3) / 45e6, compute: n === 512 ? 0.75 : undefined },
  })

const [batch, m, k, n] = [64, 256, 64, 256]

export default [
  square(256),
  square(512),
  square(1024),
  defineBench({
    case: 'matmul-batched',
    inputs: { a: { shape: [batch, m, k] }, b: { shape: [batch, k, n] } },
    work: { flops: 2 * batch * m * k * n },
    tolerance: { atol: 1e-3 },
    ours: ({ a, b }) => a.matmul(b),
    peers: {
      tfjs: ({ a, b }, tf) => tf.matMul(a, b),
      'jax-js': ({ a, b }, { numpy: np }) => np.matmul(a, b),
      ort: { nodes: [{ op: 'MatMul', inputs: ['a', 'b'], output: 'y' }], outputs: { y: [batch, m, n] } },
      torch: 'torch.matmul(a, b)',
    },
    targets: { tfjs: 10, 'jax-js': 2.5, ort: 1.8, torch: 0.4 },
    limits: { guideMs: (2 * batch * m * k * n) / 38e6 },
  }),
  defineBench({
    case: 'matmul-int8-512',
    inputs: {
      a: { shape: [512, 512], dtype: 'int8', min: -128, max: 128 },
      b: { shape: [512, 512], dtype: 'int8', min: -128, max: 128 },
      floatA: { shape: [512, 512] },
      floatB: { shape: [512, 512] },
    },
    work: { flops: 2 * 512 ** 3 },
    ours: ({ a, b }) => a.matmul(b),
    variants: { float32: { program: ({ floatA, floatB }) => floatA.matmul(floatB), compared: false } },
    targets: { float32: 1.3 },
  }),
]
