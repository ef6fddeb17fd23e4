import { defineBench } from '@surprisal/bench'

const size = 4 * 2 ** 20
const inputs = { x: { shape: [size], min: -4, max: 4 } }
/** Every element is read and written once. */
const work = { bytes: 2 * 4 * size }

export default [
  defineBench({
    case: 'pointwise-six-4m',
    inputs,
    work,
    ours: ({ x }) => x.mul(2).add(1).abs().sub(0.5).maximum(0.25).mul(x),
    peers: {
      tfjs: ({ x }, tf) => tf.mul(tf.maximum(tf.sub(tf.abs(tf.add(tf.mul(x, 2), 1)), 0.5), 0.25), x),
      'jax-js': ({ x }, { numpy: np }) => np.maximum(np.abs(x.ref.mul(2).add(1)).sub(0.5), 0.25).mul(x),
      torch: '((x * 2 + 1).abs() - 0.5).clamp_min(0.25) * x',
    },
    targets: { tfjs: 6, 'jax-js': 1.4, torch: 1 },
    limits: { guideMs: 2.2, stream: 0.6 },
  }),
  defineBench({
    case: 'tanh-4m',
    inputs,
    work,
    ours: ({ x }) => x.tanh(),
    peers: {
      tfjs: ({ x }, tf) => tf.tanh(x),
      'jax-js': ({ x }, { numpy: np }) => np.tanh(x),
      ort: { nodes: [{ op: 'Tanh', inputs: ['x'], output: 'y' }], outputs: { y: [size] } },
      torch: 'torch.tanh(x)',
    },
    targets: { tfjs: 15, 'jax-js': 10, ort: 3, torch: 1 },
    limits: { guideMs: 3.5 },
  }),
  defineBench({
    case: 'exp-4m',
    inputs,
    work,
    ours: ({ x }) => x.exp(),
    peers: {
      tfjs: ({ x }, tf) => tf.exp(x),
      'jax-js': ({ x }, { numpy: np }) => np.exp(x),
      ort: { nodes: [{ op: 'Exp', inputs: ['x'], output: 'y' }], outputs: { y: [size] } },
      torch: 'torch.exp(x)',
    },
    targets: { tfjs: 2, 'jax-js': 5, ort: 2.5 },
    limits: { guideMs: 4.5 },
  }),
  defineBench({
    case: 'sum-4m',
    inputs: { x: { shape: [size], min: 0, max: 1 } },
    work: { bytes: 4 * size },
    ours: ({ x }) => x.sum(),
    peers: {
      tfjs: ({ x }, tf) => tf.sum(x),
      'jax-js': ({ x }, { numpy: np }) => np.sum(x),
      ort: {
        nodes: [{ op: 'ReduceSum', inputs: ['x', 'axes'], output: 'y', attributes: { keepdims: 0n } }],
        constants: { axes: [0] },
        outputs: { y: [] },
      },
      torch: 'torch.sum(x)',
    },
    targets: { tfjs: 6, 'jax-js': 6, ort: 8 },
    limits: { guideMs: 0.6, stream: 0.6 },
  }),
]
