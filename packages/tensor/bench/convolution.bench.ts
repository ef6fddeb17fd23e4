import { defineBench, type TfjsProgram, type TfjsTensor4D } from '@surprisal/bench'
import { conv2d, gradients } from '@surprisal/tensor'

const [batch, channels, filters, side] = [8, 32, 64, 56]
const flops = 2 * batch * filters * side * side * channels * 9

const x = { shape: [batch, channels, side, side] }
const weight = { shape: [filters, channels, 3, 3], min: -0.1, max: 0.1 }
const gradient = { shape: [batch, filters, side, side] }

/** The peer convolves channels-last images only: they are turned once, before anything is measured. */
const channelsLast: TfjsProgram = {
  prepare: ({ x, weight }, tf) => {
    const image = tf.transpose(x, [0, 2, 3, 1]) as TfjsTensor4D
    const filter = tf.transpose(weight, [2, 3, 1, 0]) as TfjsTensor4D
    const evaluate = () => tf.conv2d(image, filter, 1, 'same')
    return {
      run: () => tf.dispose(evaluate()),
      results: async () => [await tf.transpose(evaluate(), [0, 3, 1, 2]).data()],
    }
  },
}

export default [
  defineBench({
    case: 'conv2d',
    inputs: { x, weight },
    work: { flops },
    tolerance: { atol: 1e-4 },
    ours: ({ x, weight }) => conv2d(x, weight, undefined, { padding: 1 }),
    peers: {
      tfjs: channelsLast,
      'jax-js': ({ x, weight }, { lax }) =>
        lax.convGeneralDilated(
          x,
          weight,
          [1, 1],
          [
            [1, 1],
            [1, 1],
          ],
        ),
      ort: {
        nodes: [{ op: 'Conv', inputs: ['x', 'weight'], output: 'y', attributes: { pads: [1, 1, 1, 1] } }],
        outputs: { y: [batch, filters, side, side] },
      },
      torch: 'F.conv2d(x, weight, padding=1)',
    },
    targets: { tfjs: 1.1, 'jax-js': 50, ort: 1.5, torch: 0.4 },
    limits: { guideMs: flops / 35e6 },
  }),
  defineBench({
    case: 'conv2d-backward',
    inputs: { x, weight, gradient },
    work: { flops: 2 * flops },
    tolerance: { atol: 1e-2, rtol: 1e-3 },
    ours: ({ x, weight, gradient }) => {
      const loss = conv2d(x, weight, undefined, { padding: 1 }).mul(gradient).sum()
      return gradients(loss, [x, weight])
    },
    peers: {
      tfjs: ({ x, weight, gradient }, tf) => {
        const last = tf.transpose(gradient, [0, 2, 3, 1])
        return tf.grads((x, weight) => {
          const image = tf.transpose(x, [0, 2, 3, 1]) as TfjsTensor4D
          const filter = tf.transpose(weight, [2, 3, 1, 0]) as TfjsTensor4D
          return tf.sum(tf.mul(tf.conv2d(image, filter, 1, 'same'), last))
        })([x, weight])
      },
      'jax-js': ({ x, weight, gradient }, { grad, lax, numpy: np }) => {
        const pads: [number, number][] = [
          [1, 1],
          [1, 1],
        ]
        const loss = (a: typeof x, b: typeof x) => np.sum(lax.convGeneralDilated(a, b, [1, 1], pads).mul(gradient))
        return grad(loss, { argnums: [0, 1] })(x, weight)
      },
      torch: `
leaves = [x.requires_grad_(), weight.requires_grad_()]

def evaluate():
    return torch.autograd.grad(F.conv2d(*leaves, padding=1), leaves, gradient)
`,
    },
    variants: {
      forward: { program: ({ x, weight }) => conv2d(x, weight, undefined, { padding: 1 }), compared: false },
    },
    targets: { 'jax-js': 20, forward: 1 / 2.6, torch: 0.4 },
  }),
]
