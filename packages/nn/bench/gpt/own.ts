import { createModel } from '@surprisal/nn'
import { crossEntropy, ownTraining } from '../training/own-training.ts'
import { context, heads, layers, names, vocabulary, width } from './model.ts'

const config = { vocabSize: vocabulary, nEmbd: width, nHead: heads, nLayer: layers, nPositions: context }

/** GPT-2 of this package. */
export const ownGpt = ownTraining(x => {
  const model = createModel('gpt2', config)
  const weights = Object.fromEntries(names.map(name => [name, x[name]]))
  model.loadStateDict({ ...weights, 'lm_head.weight': x['transformer.wte.weight'] })
  return { model, lossOf: () => crossEntropy(model.forward(x.ids).reshape([-1, vocabulary]), x.targets) }
})
