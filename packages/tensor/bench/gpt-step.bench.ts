import { defineBench } from '@surprisal/bench'
import { jaxStep } from './gpt-step/jax.ts'
import { parameters, texts, textsOf } from './gpt-step/model.ts'
import { ownStep } from './gpt-step/own.ts'
import { tfjsStep } from './gpt-step/tfjs.ts'
import { torchStep } from './gpt-step/torch.ts'

const inputs = { ...parameters, ...texts }
const targets = { tfjs: 12, 'jax-js': 2 }
const tolerance = { rtol: 2e-3 }

export default [
  defineBench({
    case: 'gpt-step',
    inputs,
    tolerance,
    ours: { prepare: ownStep },
    peers: { tfjs: { prepare: tfjsStep }, 'jax-js': { prepare: jaxStep }, torch: torchStep },
    targets,
    limits: { guideMs: 110, guideFirstMs: 600 },
  }),
  defineBench({
    case: 'gpt-step-two-threads',
    inputs,
    tolerance: { rtol: 0, atol: 0 },
    ours: { prepare: ownStep },
    threads: 2,
    requires: ['setThreads'],
    variants: { 'one-thread': { threads: 1 } },
    targets: { 'one-thread': 1.5 },
  }),
  defineBench({
    case: 'gpt-step-webgpu',
    device: 'webgpu',
    inputs,
    onSoftware: textsOf(1),
    tolerance,
    ours: { prepare: ownStep },
    peers: { tfjs: { prepare: tfjsStep }, 'jax-js': { prepare: jaxStep } },
    variants: { 'no-fusion': { fusion: false } },
    targets: { tfjs: 1.5, 'jax-js': 1.5 },
    limits: {
      counts: { dispatches: 140, submissions: 2, pipelines: 0, buffers: 0 },
      dispatchesOf: { 'no-fusion': 3, tfjs: 1.01, 'jax-js': 1.01 },
    },
  }),
]
