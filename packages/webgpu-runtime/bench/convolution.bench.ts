import { defineBench, type TfjsTensor4D } from '@surprisal/bench'
import { conv2d } from '@surprisal/tensor'

const [batch, channels, filters, side] = [8, 32, 64, 56]
const pads: [number, number][] = [
  [1, 1],
  [1, 1],
]

export default defineBench({
  case: 'conv2d',
  device: 'webgpu',
  inputs: {
    x: { shape: [batch, channels, side, side] },
    weight: { shape: [filters, channels, 3, 3], min: -0.1, max: 0.1 },
  },
  onSoftware: { x: { shape: [1, channels, side / 4, side / 4] } },
  work: { flops: 2 * batch * filters * side * side * channels * 9 },
  tolerance: { atol: 1e-4 },
  ours: ({ x, weight }) => conv2d(x, weight, undefined, { padding: 1 }),
  peers: {
    // It convolves channels-last images only: they are turned once, before anything is measured.
    tfjs: {
      prepare: ({ x, weight }, tf) => {
        const image = tf.transpose(x, [0, 2, 3, 1]) as TfjsTensor4D
        const filter = tf.transpose(weight, [2, 3, 1, 0]) as TfjsTensor4D
        const evaluate = () => tf.conv2d(image, filter, 1, 'same')
        return {
          run: () => tf.dispose(evaluate()),
          results: async () => [await tf.transpose(evaluate(), [0, 3, 1, 2]).data()],
        }
      },
    },
    'jax-js': ({ x, weight }, { lax }) => lax.convGeneralDilated(x, weight, [1, 1], pads),
  },
  targets: { tfjs: 1, 'jax-js': 1 },
})
