import { defineBench } from '@surprisal/bench'
import { gradients } from '@surprisal/tensor'

const inputs = { x: { shape: [16] } }

/** Twenty times a multiplication and an addition. */
function chain<T>(x: T, step: (value: T) => T): T {
  let value = x
  for (let i = 0; i < 20; i++) value = step(value)
  return value
}

export default [
  defineBench({
    case: 'chain-40-ops',
    inputs,
    ours: ({ x }) => chain(x, value => value.mul(0.9).add(0.1)),
    peers: {
      tfjs: ({ x }, tf) => chain(x, value => tf.add(tf.mul(value, 0.9), 0.1)),
      'jax-js': ({ x }) => chain(x, value => value.mul(0.9).add(0.1)),
    },
    targets: { tfjs: 10, 'jax-js': 1 },
    limits: { guideMs: 0.02 },
  }),
  defineBench({
    case: 'gradient-of-sum-tanh',
    inputs,
    ours: ({ x }) => gradients(x.tanh().sum(), [x]),
    peers: {
      tfjs: ({ x }, tf) => tf.grad(value => tf.sum(tf.tanh(value)))(x),
      'jax-js': ({ x }, { grad, numpy: np }) => grad((value: typeof x) => np.sum(np.tanh(value)))(x),
    },
    targets: { tfjs: 5, 'jax-js': 0.8 },
    limits: { guideMs: 0.015 },
  }),
]
