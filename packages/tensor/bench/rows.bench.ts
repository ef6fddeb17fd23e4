import { defineBench } from '@surprisal/bench'

const [rows, columns] = [4096, 1024]
const size = rows * columns
const work = { bytes: 2 * 4 * size }

export default [
  defineBench({
    case: 'softmax',
    inputs: { x: { shape: [rows, columns], min: -4, max: 4 } },
    work,
    tolerance: { atol: 1e-6 },
    ours: ({ x }) => x.softmax({ dim: 1 }),
    peers: {
      tfjs: ({ x }, tf) => tf.softmax(x, 1),
      'jax-js': ({ x }, { nn }) => nn.softmax(x, 1),
      ort: {
        nodes: [{ op: 'Softmax', inputs: ['x'], output: 'y', attributes: { axis: 1n } }],
        outputs: { y: [rows, columns] },
      },
      torch: 'torch.softmax(x, 1)',
    },
    targets: { tfjs: 1.1, 'jax-js': 8, ort: 3, torch: 1 },
    limits: { guideMs: 4.2 },
  }),
  defineBench({
    case: 'layer-norm',
    inputs: {
      x: { shape: [rows, columns], min: -4, max: 4 },
      weight: { shape: [columns] },
      bias: { shape: [columns] },
    },
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
      ort: {
        nodes: [
          {
            op: 'LayerNormalization',
            inputs: ['x', 'weight', 'bias'],
            output: 'y',
            attributes: { axis: 1n, epsilon: 1e-5 },
          },
        ],
        outputs: { y: [rows, columns] },
      },
      torch: 'F.layer_norm(x, (1024,), weight, bias)',
    },
    targets: { tfjs: 8, 'jax-js': 8, ort: 8, torch: 1 },
    limits: { guideMs: 2.2, stream: 0.6 },
  }),
]
