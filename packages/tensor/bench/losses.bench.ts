import { defineBench } from '@surprisal/bench'
import { gradients, oneHot, realize, type Tensor } from '@surprisal/tensor'

const [rows, width, classes] = [512, 256, 32_000]

/** Mean over rows of the negative log-probability of the target. */
const crossEntropy = (logits: Tensor, target: Tensor): Tensor =>
  logits.logSoftmax({ dim: 1 }).gather(1, target.unsqueeze(1)).mean().neg()

/** The gradients by hand, one buffer of logits after the other: what nothing but single kernels would do. */
async function inStages(x: Tensor, weight: Tensor, target: Tensor): Promise<Tensor[]> {
  using logits = x.matmul(weight.transpose(0, 1))
  await realize(logits)
  using logProbabilities = logits.logSoftmax({ dim: 1 })
  await realize(logProbabilities)
  const loss = logProbabilities.gather(1, target.unsqueeze(1)).mean().neg()
  using rest = logProbabilities
    .exp()
    .sub(oneHot(target, classes))
    .mul(1 / rows)
  await realize(loss, rest)
  const results = [loss, rest.matmul(weight), rest.transpose(0, 1).matmul(x)]
  await realize(results)
  return results
}

export default [
  defineBench({
    case: 'cross-entropy',
    inputs: {
      logits: { shape: [rows, classes], min: -4, max: 4 },
      target: { shape: [rows], dtype: 'int32', max: classes },
    },
    tolerance: { atol: 1e-6, rtol: 1e-3 },
    ours: ({ logits, target }) => {
      const loss = crossEntropy(logits, target)
      return [loss, ...gradients(loss, [logits])]
    },
    peers: {
      tfjs: ({ logits, target }, tf) => {
        const labels = tf.oneHot(tf.cast(target, 'int32'), classes)
        const { value, grad } = tf.valueAndGrad(x => tf.losses.softmaxCrossEntropy(labels, x))(logits)
        return [value, grad]
      },
      'jax-js': ({ logits, target }, { nn, numpy: np, valueAndGrad }) => {
        const labels = nn.oneHot(target, classes)
        const loss = (x: typeof logits) => np.sum(nn.logSoftmax(x, 1).mul(labels)).mul(-1 / rows)
        return valueAndGrad(loss)(logits)
      },
      torch: `
x = logits.requires_grad_()
index = target.long()

def evaluate():
    loss = F.cross_entropy(x, index)
    return [loss, *torch.autograd.grad(loss, [x])]
`,
    },
    targets: { tfjs: 7, torch: 1 },
    limits: { guideMs: 40, extraBytes: 1.02 * 4 * rows * classes },
  }),
  defineBench({
    case: 'linear-cross-entropy',
    inputs: {
      x: { shape: [rows, width] },
      weight: { shape: [classes, width], min: -0.2, max: 0.2 },
      target: { shape: [rows], dtype: 'int32', max: classes },
    },
    tolerance: { atol: 1e-6, rtol: 1e-3 },
    work: { flops: 6 * rows * width * classes },
    ours: ({ x, weight, target }) => {
      const loss = crossEntropy(x.matmul(weight.transpose(0, 1)), target)
      return [loss, ...gradients(loss, [x, weight])]
    },
    variants: {
      unfused: {
        program: {
          prepare: ({ x, weight, target }) => ({
            async run() {
              for (const result of await inStages(x, weight, target)) result.dispose()
            },
            async results() {
              return Promise.all((await inStages(x, weight, target)).map(result => result.data()))
            },
          }),
        },
      },
    },
    targets: { unfused: 1 / 1.3 },
    limits: { temporaryBytesOf: { variant: 'unfused', atMost: 0.15 } },
  }),
]
