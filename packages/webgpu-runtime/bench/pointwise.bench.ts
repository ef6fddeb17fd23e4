import { defineBench } from '@surprisal/bench'

const size = 16 * 2 ** 20
const inputs = { x: { shape: [size], min: -4, max: 4 } }
const onSoftware = { x: { shape: [64 * 2 ** 10], min: -4, max: 4 } }
/** Every element is read and written once. */
const work = { bytes: 2 * 4 * size }

export default [
  defineBench({
    case: 'copy-16m',
    device: 'webgpu',
    inputs,
    onSoftware,
    work,
    ours: ({ x }) => x.neg(),
    peers: { tfjs: ({ x }, tf) => tf.neg(x), 'jax-js': ({ x }, { numpy: np }) => np.negative(x) },
    targets: { tfjs: 1, 'jax-js': 1 },
  }),
  defineBench({
    case: 'fused-chain-16m',
    device: 'webgpu',
    inputs,
    onSoftware,
    work,
    ours: ({ x }) => x.mul(2).add(1).abs().sub(0.5).maximum(0.25).mul(x),
    peers: {
      tfjs: ({ x }, tf) => tf.mul(tf.maximum(tf.sub(tf.abs(tf.add(tf.mul(x, 2), 1)), 0.5), 0.25), x),
      'jax-js': ({ x }, { numpy: np }) => np.maximum(np.abs(x.ref.mul(2).add(1)).sub(0.5), 0.25).mul(x),
    },
    variants: { 'no-fusion': { fusion: false } },
    targets: { tfjs: 1.5, 'jax-js': 1.5 },
    limits: { counts: { dispatches: 1, submissions: 2, pipelines: 0, buffers: 0 } },
  }),
]
