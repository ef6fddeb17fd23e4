import { defineBench } from '@surprisal/bench'
import { jaxWriting } from './llama/jax.ts'
import { inputs } from './llama/model.ts'
import { ownWriting } from './llama/own.ts'
import { tfjsWriting } from './llama/tfjs.ts'
import { torchWriting } from './llama/torch.ts'

/** Tokens per second are 64,000 divided by the milliseconds. */
export default defineBench({
  case: 'generate-64-tokens',
  inputs,
  ours: ownWriting,
  peers: { tfjs: tfjsWriting, 'jax-js': jaxWriting, torch: torchWriting },
  targets: { tfjs: 1, 'jax-js': 1, torch: 0.5 },
})
