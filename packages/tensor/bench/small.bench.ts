import { defineBench } from '@surprisal/bench'
import { compile, gradients, type Tensor } from '@surprisal/tensor'

const inputs = { x: { shape: [16] } }

/** Twenty times a multiplication and an addition. */
function chain<T>(x: T, step: (value: T) => T): T {
  let value = x
  for (let i = 0; i < 20; i++) value = step(value)
  return value
}

const ownChain = (x: Tensor): Tensor => chain(x, value => value.mul(0.9).add(0.1))
const ownGradient = (x: Tensor): Tensor[] => gradients(x.tanh().sum(), [x])
const compiledChain = compile(ownChain)
const compiledGradient = compile(ownGradient)

/*
 * The peer jax-js compiles its function and tfjs does not, so that each is compared with the same here: as it is with
 * tfjs, compiled with jax-js. Of either case the other library is shown, without a target.
 */
export default [
  defineBench({
    case: 'chain-40-ops',
    inputs,
    ours: ({ x }) => ownChain(x),
    peers: {
      tfjs: ({ x }, tf) => chain(x, value => tf.add(tf.mul(value, 0.9), 0.1)),
      'jax-js': ({ x }) => chain(x, value => value.mul(0.9).add(0.1)),
    },
    targets: { tfjs: 10 },
    limits: { guideMs: 0.02 },
  }),
  defineBench({
    case: 'chain-40-ops-compiled',
    inputs,
    ours: ({ x }) => compiledChain(x),
    peers: { 'jax-js': ({ x }) => chain(x, value => value.mul(0.9).add(0.1)) },
    targets: { 'jax-js': 1 },
    limits: { guideMs: 0.02 },
    requires: ['compile'],
  }),
  defineBench({
    case: 'gradient-of-sum-tanh',
    inputs,
    ours: ({ x }) => ownGradient(x),
    peers: {
      tfjs: ({ x }, tf) => tf.grad(value => tf.sum(tf.tanh(value)))(x),
      'jax-js': ({ x }, { grad, numpy: np }) => grad((value: typeof x) => np.sum(np.tanh(value)))(x),
    },
    targets: { tfjs: 5 },
    limits: { guideMs: 0.015 },
  }),
  defineBench({
    case: 'gradient-of-sum-tanh-compiled',
    inputs,
    ours: ({ x }) => compiledGradient(x),
    peers: { 'jax-js': ({ x }, { grad, numpy: np }) => grad((value: typeof x) => np.sum(np.tanh(value)))(x) },
    targets: { 'jax-js': 0.8 },
    limits: { guideMs: 0.015 },
    requires: ['compile'],
  }),
]
