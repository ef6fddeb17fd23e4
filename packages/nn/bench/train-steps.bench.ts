import { defineBench } from '@surprisal/bench'
import { cnnInputs, jaxCnn, ownCnn, tfjsCnn, torchCnn } from './cnn.ts'
import { jaxGpt } from './gpt/jax.ts'
import { parameters, texts } from './gpt/model.ts'
import { ownGpt } from './gpt/own.ts'
import { tfjsGpt } from './gpt/tfjs.ts'
import { torchGpt } from './gpt/torch.ts'
import { jaxLstm, lstmInputs, ownLstm, tfjsLstm, torchLstm } from './lstm.ts'
import { tolerance } from './training/adam-w.ts'

const targets = { tfjs: 2, 'jax-js': 2, torch: 0.5 }

export default [
  defineBench({
    case: 'gpt-train',
    inputs: { ...parameters, ...texts },
    tolerance,
    ours: ownGpt,
    peers: { tfjs: tfjsGpt, 'jax-js': jaxGpt, torch: torchGpt },
    targets,
  }),
  defineBench({
    case: 'cnn-train',
    inputs: cnnInputs,
    tolerance,
    ours: ownCnn,
    peers: { tfjs: tfjsCnn, 'jax-js': jaxCnn, torch: torchCnn },
    targets,
  }),
  defineBench({
    case: 'lstm-train',
    inputs: lstmInputs,
    tolerance,
    ours: ownLstm,
    peers: { tfjs: tfjsLstm, 'jax-js': jaxLstm, torch: torchLstm },
    targets,
  }),
]
