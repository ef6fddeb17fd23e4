import { defineBench } from '../../index.ts'

export default defineBench({
  case: 'chain',
  device: 'webgpu',
  inputs: { x: { shape: [4096] } },
  onSoftware: { x: { shape: [2048] } },
  ours: ({ x }) => x.mul(2).add(1).exp(),
  peers: {
    tfjs: ({ x }, tf) => tf.exp(tf.add(tf.mul(x, 2), 1)),
    'jax-js': ({ x }, { numpy: np }) => np.exp(x.mul(2).add(1)),
  },
  variants: { 'no-fusion': { fusion: false } },
})
