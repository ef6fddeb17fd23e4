import type { InputSpec, Named } from '@surprisal/bench'
import { Linear, LSTM, Module } from '@surprisal/nn'
import type { Tensor } from '@surprisal/tensor'
import { jaxTraining } from './training/jax-training.ts'
import { crossEntropy, ownTraining } from './training/own-training.ts'
import { tfjsTraining } from './training/tfjs-training.ts'
import { torchTraining } from './training/torch-training.ts'

const [batch, steps, size, hidden, classes] = [16, 32, 64, 128, 10]
const bound = 1 / Math.sqrt(hidden)
const weight = (...shape: number[]): InputSpec => ({ shape, min: -bound, max: bound })

const parameters: Named<InputSpec> = {
  'lstm.weight_ih_l0': weight(4 * hidden, size),
  'lstm.weight_hh_l0': weight(4 * hidden, hidden),
  'lstm.bias_ih_l0': weight(4 * hidden),
  'lstm.bias_hh_l0': weight(4 * hidden),
  'head.weight': weight(classes, hidden),
  'head.bias': weight(classes),
}
const names = Object.keys(parameters)

/** Weights, sequences and the class of each. */
export const lstmInputs: Named<InputSpec> = {
  ...parameters,
  sequences: { shape: [batch, steps, size] },
  targets: { shape: [batch], dtype: 'int32', max: classes },
}

/** Classes of sequences by what the last step gives. */
class Classifier extends Module {
  lstm = new LSTM(size, hidden, { key: 0 })
  head = new Linear(hidden, classes, { key: 1 })

  override forward(x: Tensor): Tensor {
    return this.head.forward(this.lstm.forward(x).hn.select(0, 0))
  }
}

export const ownLstm = ownTraining(x => {
  const model = new Classifier()
  model.loadStateDict(Object.fromEntries(names.map(name => [name, x[name]])))
  return { model, lossOf: () => crossEntropy(model.forward(x.sequences), x.targets) }
})

/** What the inputs give is one product for all steps, as in ours. */
export const tfjsLstm = tfjsTraining(names, (x, tf) => {
  const labels = tf.oneHot(tf.cast(x.targets, 'int32'), classes)
  const rows = tf.reshape(tf.transpose(x.sequences, [1, 0, 2]), [steps * batch, size])
  return p => {
    const fromInput = tf.add(tf.matMul(rows, p['lstm.weight_ih_l0'], false, true), p['lstm.bias_ih_l0'])
    let [h, c] = [tf.zeros([batch, hidden]), tf.zeros([batch, hidden])]
    for (const own of tf.split(fromInput, steps, 0)) {
      const fromState = tf.add(tf.matMul(h, p['lstm.weight_hh_l0'], false, true), p['lstm.bias_hh_l0'])
      const [i, f, g, o] = tf.split(tf.add(own, fromState), 4, 1)
      c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)))
      h = tf.mul(tf.sigmoid(o), tf.tanh(c))
    }
    return tf.losses.softmaxCrossEntropy(labels, tf.add(tf.matMul(h, p['head.weight'], false, true), p['head.bias']))
  }
})

export const jaxLstm = jaxTraining(names, (x, { nn, numpy: np }) => ({
  data: [np.transpose(x.sequences, [1, 0, 2]).reshape([steps * batch, size]), nn.oneHot(x.targets, classes)],
  lossOf: (p, [rows, labels]) => {
    const fromInput = np.matmul(rows, np.transpose(p['lstm.weight_ih_l0'])).add(p['lstm.bias_ih_l0'])
    const recurrent = np.transpose(p['lstm.weight_hh_l0'])
    let [h, c] = [np.zeros([batch, hidden]), np.zeros([batch, hidden])]
    for (const own of np.split(fromInput, steps, 0)) {
      const gates = own.add(np.matmul(h, recurrent.ref)).add(p['lstm.bias_hh_l0'].ref)
      const [i, f, g, o] = np.split(gates, 4, 1)
      c = nn
        .sigmoid(f)
        .mul(c)
        .add(nn.sigmoid(i).mul(np.tanh(g)))
      h = nn.sigmoid(o).mul(np.tanh(c.ref))
    }
    for (const rest of [c, recurrent, p['lstm.bias_hh_l0']]) rest.dispose()
    const logits = np.matmul(h, np.transpose(p['head.weight'])).add(p['head.bias'])
    return np.sum(nn.logSoftmax(logits, 1).mul(labels)).mul(-1 / batch)
  },
}))

/** By its own layer, which takes the parameters in the order of their names here. */
export const torchLstm = torchTraining(
  names,
  `
start = (torch.zeros(1, ${batch}, ${hidden}), torch.zeros(1, ${batch}, ${hidden}))
labels = targets.long()

def loss_of(p):
    weights = [p["lstm." + name] for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")]
    _, last, _ = torch.lstm(sequences, start, weights, True, 1, 0.0, True, False, True)
    return F.cross_entropy(F.linear(last[0], p["head.weight"], p["head.bias"]), labels)
`,
)
