import { defineBench } from '@surprisal/bench'

const [rows, columns] = [4096, 1024]
const work = { bytes: 2 * 4 * rows * columns }
const x = { shape: [rows, columns], min: -4, max: 4 }
const onSoftware = { x: { ...x, shape: [128, columns] } }

export default [
  defineBench({
    case: 'softmax',
    device: 'webgpu',
    inputs: { x },
    onSoftware,
    work,
    tolerance: { atol: 1e-6 },
    ours: ({ x }) => x.softmax({ dim: 1 }),
    peers: { tfjs: ({ x }, tf) => tf.softmax(x, 1), 'jax-js': ({ x }, { nn }) => nn.softmax(x, 1) },
    targets: { tfjs: 1, 'jax-js': 1 },
  }),
  defineBench({
    case: 'layer-norm',
    device: 'webgpu',
    inputs: { x, weight: { shape: [columns] }, bias: { shape: [columns] } },
    onSoftware,
    work,
    ours: ({ x, weight, bias }) => x.layerNorm([columns], weight, bias),
    peers: {
      tfjs: ({ x, weight, bias }, tf) => {
        const { mean, variance } = tf.moments(x, 1, true)
        return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), weight), bias)
      },
      'jax-js': ({ x, weight, bias }, { numpy: np }) => {
        const centred = x.ref.sub(np.mean(x, 1, { keepdims: true }))
        const variance = np.mean(np.square(centred.ref), 1, { keepdims: true })
        return centred
          .div(np.sqrt(variance.add(1e-5)))
          .mul(weight)
          .add(bias)
      },
    },
    targets: { tfjs: 1, 'jax-js': 1 },
  }),
]
