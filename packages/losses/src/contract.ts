import { defineLoss, type LossDescriptor, type LossInput, type LossOption } from '@surprisal/testing'
import { binaryCrossEntropy } from './classification/binary-cross-entropy.ts'
import { binaryCrossEntropyWithLogits } from './classification/binary-cross-entropy-with-logits.ts'
import { crossEntropy } from './classification/cross-entropy.ts'
import { focalLoss } from './classification/focal.ts'
import { hingeLoss } from './classification/hinge.ts'
import { nllLoss } from './classification/nll.ts'
import { sigmoidFocalLoss } from './classification/sigmoid-focal.ts'
import { jsDivLoss } from './divergence/js-div.ts'
import { klDivLoss } from './divergence/kl-div.ts'
import { gaussianNllLoss } from './regression/gaussian-nll.ts'
import { huberLoss } from './regression/huber.ts'
import { l1Loss } from './regression/l1.ts'
import { logCoshLoss } from './regression/log-cosh.ts'
import { mseLoss } from './regression/mse.ts'
import { poissonNllLoss } from './regression/poisson-nll.ts'
import { quantileLoss } from './regression/quantile.ts'
import { smoothL1Loss } from './regression/smooth-l1.ts'

type Options = Readonly<Record<string, number>>
type Element = (x: number, t: number, options: Options) => number
type Row = (x: Float64Array, y: number, options: Options) => number

const float = (name: string, domain: LossInput['domain'] = 'real'): LossInput => ({
  name,
  dtype: 'float32',
  shape: 'N,C',
  domain,
})
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
const logistic = (x: number): number => 1 / (1 + Math.exp(-x))
const logSumExp = (x: Float64Array): number => {
  const highest = Math.max(...x)
  return highest + Math.log(x.reduce((sum, value) => sum + Math.exp(value - highest), 0))
}
const ignoreIndex: LossOption = { default: -100 }

/** A loss of two tensors, element by element. */
function elementwise(
  name: string,
  loss: LossDescriptor['loss'],
  element: Element,
  {
    inputs = [float('input'), float('target')],
    options = {},
    differentiable = inputs.map(input => input.name),
    stable = true,
  }: Partial<LossDescriptor> = {},
): LossDescriptor {
  const reference: LossDescriptor['reference'] = ([x, t], _sizes, given) =>
    mean(Array.from(x, (value, i) => element(value, t[i], given)))
  return defineLoss({ name, loss, reference, inputs, options, differentiable, stable })
}

/** A loss of class scores `[N, C]` and class ids `[N]`. */
function rowwise(
  name: string,
  loss: LossDescriptor['loss'],
  input: LossInput,
  row: Row,
  options: LossDescriptor['options'] = {},
): LossDescriptor {
  return defineLoss({
    name,
    loss,
    reference: ([x, y], { C }, given) => mean(Array.from(y, (id, n) => row(x.subarray(n * C, (n + 1) * C), id, given))),
    inputs: [input, { name: 'targets', dtype: 'int32', shape: 'N' }],
    options: { ignoreIndex, ...options },
    differentiable: [input.name],
    stable: true,
  })
}

const binary = [float('logits'), float('targets', 'unit')]
const cross: Element = (x, t) => t * softplus(-x) + (1 - t) * softplus(x)
const huber: Element = (x, t, { delta }) => {
  const d = Math.abs(x - t)
  return d <= delta ? d ** 2 / 2 : delta * (d - delta / 2)
}

/** What tests, benchmarks, docs and the playground know of the losses of this package. */
export const contract: readonly LossDescriptor[] = [
  elementwise(
    'binaryCrossEntropy',
    binaryCrossEntropy,
    (p, t) => -t * Math.max(Math.log(p), -100) - (1 - t) * Math.max(Math.log(1 - p), -100),
    { inputs: [float('probs', 'unit'), float('targets', 'unit')] },
  ),
  elementwise('binaryCrossEntropyWithLogits', binaryCrossEntropyWithLogits, cross, { inputs: binary }),
  rowwise(
    'crossEntropy',
    crossEntropy,
    float('logits'),
    (x, y, { labelSmoothing: s, zLoss }) => {
      const lse = logSumExp(x)
      const spread = mean(Array.from(x, value => lse - value))
      return (1 - s) * (lse - x[y]) + s * spread + zLoss * lse ** 2
    },
    { labelSmoothing: { default: 0, min: 0, max: 1 }, zLoss: { default: 0, min: 0 } },
  ),
  rowwise(
    'focalLoss',
    focalLoss,
    float('logits'),
    (x, y, { gamma }) => {
      const logp = x[y] - logSumExp(x)
      return -((1 - Math.exp(logp)) ** gamma) * logp
    },
    { gamma: { default: 2, min: 0 } },
  ),
  elementwise('hingeLoss', hingeLoss, (x, t, { margin }) => Math.max(0, margin - t * x), {
    inputs: [float('input'), float('target', 'sign')],
    options: { margin: { default: 1 } },
    differentiable: ['input'],
  }),
  rowwise('nllLoss', nllLoss, float('logProbs'), (x, y) => -x[y]),
  elementwise(
    'sigmoidFocalLoss',
    sigmoidFocalLoss,
    (x, t, { alpha, gamma }) => {
      const p = logistic(x)
      const own = t * p + (1 - t) * (1 - p)
      return (t * alpha + (1 - t) * (1 - alpha)) * (1 - own) ** gamma * cross(x, t, {})
    },
    { inputs: binary, options: { alpha: { default: 0.25, max: 1 }, gamma: { default: 2, min: 0 } } },
  ),
  defineLoss({
    name: 'jsDivLoss',
    loss: jsDivLoss,
    reference: ([logP, logQ], { N }) => {
      const half = (a: Float64Array, b: Float64Array) =>
        a.reduce((sum, x, i) => sum + Math.exp(x) * (x - Math.log((Math.exp(x) + Math.exp(b[i])) / 2)), 0) / 2
      return (half(logP, logQ) + half(logQ, logP)) / N
    },
    inputs: [float('logP', 'logProbability'), float('logQ', 'logProbability')],
    options: {},
    differentiable: ['logP', 'logQ'],
    stable: true,
  }),
  elementwise('klDivLoss', klDivLoss, (x, t) => t * (Math.log(t) - x), {
    inputs: [float('input', 'logProbability'), float('target', 'probability')],
  }),
  defineLoss({
    name: 'gaussianNllLoss',
    loss: gaussianNllLoss,
    reference: ([x, t, v], _sizes, { eps }) =>
      mean(
        Array.from(x, (value, i) => (Math.log(Math.max(v[i], eps)) + (value - t[i]) ** 2 / Math.max(v[i], eps)) / 2),
      ),
    inputs: [float('input'), float('target'), float('variance', 'positive')],
    options: { eps: { default: 1e-6, min: 0 } },
    differentiable: ['input', 'target', 'variance'],
    stable: true,
  }),
  elementwise('huberLoss', huberLoss, huber, { options: { delta: { default: 1, min: 0 } } }),
  elementwise('l1Loss', l1Loss, (x, t) => Math.abs(x - t)),
  elementwise('logCoshLoss', logCoshLoss, (x, t) => Math.log(Math.cosh(x - t))),
  elementwise('mseLoss', mseLoss, (x, t) => (x - t) ** 2),
  elementwise('poissonNllLoss', poissonNllLoss, (x, t) => Math.exp(x) - t * x, {
    inputs: [float('input'), float('target', 'positive')],
    options: { eps: { default: 1e-8, min: 0 } },
    // The exponential of a log-rate of 1e4 is infinite in any precision.
    stable: false,
  }),
  elementwise(
    'quantileLoss',
    quantileLoss,
    (x, t, { quantile }) => Math.max(quantile * (t - x), (quantile - 1) * (t - x)),
    { options: { quantile: { default: 0.5, min: 0, max: 1 } } },
  ),
  elementwise('smoothL1Loss', smoothL1Loss, (x, t, { beta }) => huber(x, t, { delta: beta }) / beta, {
    options: { beta: { default: 1, min: 0 } },
  }),
]
