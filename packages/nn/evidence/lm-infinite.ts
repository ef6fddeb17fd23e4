import { type Tensor, tensor } from '@surprisal/tensor'
import { Adam, convertToLmInfinite, fit, Llama } from '../src/index.ts'
import { mean, randomStarts, surpriseByPlace, surprises, windows } from './_shared/character-model.ts'
import { licenceProse } from './_shared/licence-prose.ts'

const [length, steps, batch] = [64, 300, 12]

async function trained(text: Int32Array, vocabSize: number, seed: number): Promise<Llama> {
  const model = new Llama(
    {
      vocabSize,
      hiddenSize: 96,
      numHiddenLayers: 3,
      numAttentionHeads: 4,
      numKeyValueHeads: 2,
      intermediateSize: 192,
      maxPositionEmbeddings: 4096,
    },
    { key: seed },
  )
  const starts = randomStarts(text.length - length - 1, batch, steps, seed)
  await fit(model, {
    loss: (net, { ids, next }: { ids: Tensor; next: Tensor }) => surprises(net.forward(ids), next).mean(),
    data: step => windows(text, starts[step], length),
    optimizer: new Adam(model.parameters()),
    schedule: { schedule: 'cosine', lr: 3e-3, warmupSteps: 20 },
    steps,
    clipNorm: 1,
  })
  return model
}

/** Milliseconds for each further token after some tokens. */
async function millisecondsPerToken(model: Llama, after: number): Promise<number> {
  const endless = convertToLmInfinite(model, { localTokens: length, globalTokens: 4 })
  const cache = endless.createCache()
  const read = async (count: number): Promise<void> => {
    const ids = tensor(new Int32Array(count)).reshape([1, count])
    const logits = endless.forward(ids, { cache })
    await logits.data()
  }
  await read(after)
  for (let i = 0; i < 5; i++) await read(1)
  const times: number[] = []
  for (let i = 0; i < 20; i++) {
    const start = performance.now()
    await read(1)
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[10]
}

/** Rise of the loss from the places that training has seen to places 256 to 511; smaller is better. */
export default {
  claim: 'a model of length 64 keeps its loss on places 256 to 511 by attention to first tokens and a window',
  baseline: 'the same model with its own attention',
  seeds: [0, 1, 2],
  /** The loss may rise by no more than a tenth of a nat. */
  holds: ({ method }: { method: number }) => method < 0.1,
  async run(seed: number) {
    const { train, test, vocabularySize } = licenceProse()
    const model = await trained(train, vocabularySize, seed)
    const rise = async (forward: (ids: Tensor) => Tensor): Promise<{ first: number; rise: number }> => {
      const byPlace = await surpriseByPlace(forward, test, 512, 16)
      const first = mean(byPlace.slice(0, length))
      return { first, rise: mean(byPlace.slice(256)) - first }
    }
    const converted = (globalTokens: number) => {
      const endless = convertToLmInfinite(model, { localTokens: length, globalTokens })
      return rise(ids => endless.forward(ids))
    }
    const [own, endless, windowOnly] = [await rise(ids => model.forward(ids)), await converted(4), await converted(0)]
    return {
      method: endless.rise,
      baseline: own.rise,
      details: {
        lossAtFirst: own.first,
        windowOnly: windowOnly.rise,
        millisecondsPerTokenAt200: await millisecondsPerToken(model, 200),
        millisecondsPerTokenAt2000: await millisecondsPerToken(model, 2000),
      },
    }
  },
}
