import { arange } from '@surprisal/tensor'
import {
  AdamW,
  applyRotaryEmbedding,
  fit,
  MuonWithAdamW,
  scaledDotProductAttention,
  type TrainingOptimizer,
} from '../src/index.ts'
import {
  type Attend,
  CharacterModel,
  mean,
  randomStarts,
  surpriseByPlace,
  surprises,
  windows,
} from './_shared/character-model.ts'
import { licenceProse } from './_shared/licence-prose.ts'

const [length, batch, steps] = [64, 12, 300]

const attend: Attend = (q, k, v) => {
  const places = arange(q.shape[2])
  const [turned, keys] = [q, k].map(x => applyRotaryEmbedding(x, places))
  return scaledDotProductAttention(turned, keys, v, { isCausal: true })
}

/** Loss on windows of the whole text after a number of steps. */
async function lossAfter(
  steps: number,
  seed: number,
  lr: number,
  optimizerOf: (model: CharacterModel) => TrainingOptimizer,
): Promise<number> {
  const { train, vocabularySize } = licenceProse()
  const model = new CharacterModel(vocabularySize, 64, 2, seed)
  const starts = randomStarts(train.length - length - 1, batch, steps, seed)
  await fit(model, {
    loss: (net, { ids, next }: ReturnType<typeof windows>, { key }) =>
      surprises(net.forward(ids, attend, key), next).mean(),
    data: step => windows(train, starts[step], length),
    optimizer: optimizerOf(model),
    schedule: { schedule: 'linear', lr, warmupSteps: 10 },
    steps,
    clipNorm: 1,
  })
  return mean(await surpriseByPlace(ids => model.forward(ids, attend), train, length, 256))
}

/** Nats per character of the text that was trained on, each with the best of a few learning rates; smaller is better. */
export default {
  claim: 'Muon on the matrices comes in 240 steps to a lower loss than AdamW in 300, each with its own decay to 0',
  baseline: 'AdamW on everything',
  seeds: [0, 1, 2],
  async run(seed: number) {
    const muon = (model: CharacterModel): TrainingOptimizer =>
      new MuonWithAdamW(model.namedParameters(), { muon: { lr: 0.03 }, adamw: { lr: 1e-2 } })
    return {
      method: await lossAfter(0.8 * steps, seed, 1e-2, muon),
      baseline: await lossAfter(steps, seed, 6e-3, model => new AdamW(model.parameters())),
    }
  },
}
