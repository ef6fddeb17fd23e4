import type { InputSpec, Named, TfjsTensor } from '@surprisal/bench'
import { Conv2d, Linear, MaxPool2d, Module } from '@surprisal/nn'
import { relu, type Tensor } from '@surprisal/tensor'
import { jaxTraining } from './training/jax-training.ts'
import { crossEntropy, ownTraining } from './training/own-training.ts'
import { tfjsTraining } from './training/tfjs-training.ts'
import { torchTraining } from './training/torch-training.ts'

const [batch, side, classes] = [64, 28, 10]

/** +-1 / sqrt(fan in), as layers start; biases go by the weight that is given. */
const weight = (...shape: number[]): InputSpec => uniform(shape, shape)
const bias = (...of: number[]): InputSpec => uniform(of.slice(0, 1), of)
function uniform(shape: number[], of: number[]): InputSpec {
  const bound = 1 / Math.sqrt(of.slice(1).reduce((product, n) => product * n))
  return { shape, min: -bound, max: bound }
}

const parameters: Named<InputSpec> = {
  'conv1.weight': weight(6, 1, 5, 5),
  'conv1.bias': bias(6, 1, 5, 5),
  'conv2.weight': weight(16, 6, 5, 5),
  'conv2.bias': bias(16, 6, 5, 5),
  'fc1.weight': weight(120, 400),
  'fc1.bias': bias(120, 400),
  'fc2.weight': weight(84, 120),
  'fc2.bias': bias(84, 120),
  'fc3.weight': weight(classes, 84),
  'fc3.bias': bias(classes, 84),
}
const names = Object.keys(parameters)

/** Weights, images of the size of Fashion-MNIST and their classes. */
export const cnnInputs: Named<InputSpec> = {
  ...parameters,
  images: { shape: [batch, 1, side, side], min: 0, max: 1 },
  targets: { shape: [batch], dtype: 'int32', max: classes },
}

/** LeNet-5 with the pieces of today: rectifiers and maxima. */
class LeNet extends Module {
  conv1 = new Conv2d(1, 6, 5, { padding: 2, key: 0 })
  conv2 = new Conv2d(6, 16, 5, { key: 1 })
  fc1 = new Linear(400, 120, { key: 2 })
  fc2 = new Linear(120, 84, { key: 3 })
  fc3 = new Linear(84, classes, { key: 4 })
  pool = new MaxPool2d(2)

  override forward(x: Tensor): Tensor {
    const first = this.pool.forward(relu(this.conv1.forward(x)))
    const second = this.pool.forward(relu(this.conv2.forward(first)))
    const hidden = relu(this.fc1.forward(second.reshape([batch, 400])))
    return this.fc3.forward(relu(this.fc2.forward(hidden)))
  }
}

export const ownCnn = ownTraining(x => {
  const model = new LeNet()
  model.loadStateDict(Object.fromEntries(names.map(name => [name, x[name]])))
  return { model, lossOf: () => crossEntropy(model.forward(x.images), x.targets) }
})

/**
 * The backend has the gradient of filters in three dimensions only, one of which is 1 here. Its images are
 * channels-last; the flat ones are turned to the order of ours.
 */
export const tfjsCnn = tfjsTraining(names, (x, tf) => {
  type Volume = ReturnType<typeof tf.tensor5d>
  const labels = tf.oneHot(tf.cast(x.targets, 'int32'), classes)
  const images = tf.reshape(x.images, [batch, 1, side, side, 1])
  return p => {
    const conv = (y: TfjsTensor, name: string, padding: 'same' | 'valid') => {
      const filter = tf.expandDims(tf.transpose(p[`${name}.weight`], [2, 3, 1, 0]), 0)
      const sums = tf.conv3d(y as Volume, filter as Volume, 1, padding)
      const active = tf.relu(tf.add(sums, p[`${name}.bias`]))
      return tf.maxPool3d(active as Volume, [1, 2, 2], [1, 2, 2], 'valid')
    }
    const linear = (y: TfjsTensor, name: string) =>
      tf.add(tf.matMul(y, p[`${name}.weight`], false, true), p[`${name}.bias`])
    const last = conv(conv(images, 'conv1', 'same'), 'conv2', 'valid')
    const flat = tf.reshape(tf.transpose(tf.squeeze(last, [1]), [0, 3, 1, 2]), [batch, 400])
    const logits = linear(tf.relu(linear(tf.relu(linear(flat, 'fc1')), 'fc2')), 'fc3')
    return tf.losses.softmaxCrossEntropy(labels, logits)
  }
})

export const jaxCnn = jaxTraining(names, (x, { lax, nn, numpy: np }) => ({
  data: [x.images, nn.oneHot(x.targets, classes)],
  lossOf: (p, [images, labels]) => {
    const conv = (y: typeof images, name: string, channels: number, pad: number) => {
      const pads: [number, number][] = [
        [pad, pad],
        [pad, pad],
      ]
      const sums = lax.convGeneralDilated(y, p[`${name}.weight`], [1, 1], pads)
      const active = nn.relu(sums.add(p[`${name}.bias`].reshape([channels, 1, 1])))
      const [n, c, height, width] = active.shape
      return np.max(active.reshape([n, c, height / 2, 2, width / 2, 2]), [3, 5])
    }
    const linear = (y: typeof images, name: string) =>
      np.matmul(y, np.transpose(p[`${name}.weight`])).add(p[`${name}.bias`])
    const last = conv(conv(images, 'conv1', 6, 2), 'conv2', 16, 0)
    const hidden = nn.relu(linear(last.reshape([batch, 400]), 'fc1'))
    const logits = linear(nn.relu(linear(hidden, 'fc2')), 'fc3')
    return np.sum(nn.logSoftmax(logits, 1).mul(labels)).mul(-1 / batch)
  },
}))

export const torchCnn = torchTraining(
  names,
  `
labels = targets.long()

def affine(p, x, at):
    return F.linear(x, p[at + ".weight"], p[at + ".bias"])

def loss_of(p):
    x = F.max_pool2d(F.relu(F.conv2d(images, p["conv1.weight"], p["conv1.bias"], padding=2)), 2)
    x = F.max_pool2d(F.relu(F.conv2d(x, p["conv2.weight"], p["conv2.bias"])), 2)
    x = F.relu(affine(p, x.flatten(1), "fc1"))
    return F.cross_entropy(affine(p, F.relu(affine(p, x, "fc2")), "fc3"), labels)
`,
)
