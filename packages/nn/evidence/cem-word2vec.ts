import { readWordNet } from '@surprisal/wordnet'
import { CrossEntropyMethod, type SearchConfig, Word2Vec } from '../src/index.ts'

const space = {
  dim: { choices: [16, 32, 64] },
  window: { choices: [1, 2, 4, 8] },
  negatives: { choices: [2, 5, 10] },
  threshold: { choices: [1e-2, 1e-3, 1e-4] },
  lr: { choices: [0.01, 0.025, 0.05, 0.1] },
} as const
type Config = SearchConfig<typeof space>
const [evaluations, population, vocabulary, tokens] = [40, 8, 3000, 30_000]

interface Corpus {
  train: Int32Array[]
  /** Words of held-out glosses that stand next to one another. */
  pairs: [number, number][]
  vocabularySize: number
}

/** Every nth gloss of the dictionary as ids of frequent words. */
async function glosses(): Promise<Corpus> {
  const synsets = await readWordNet()
  const every = Math.floor(synsets.length / 9000)
  const texts = synsets
    .filter((_, i) => i % every === 0)
    .map(({ definition }) => definition.toLowerCase().match(/[a-z]+/g) ?? [])
  const counts = new Map<string, number>()
  for (const word of texts.flat()) counts.set(word, (counts.get(word) ?? 0) + 1)
  const known = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, vocabulary)
  const idOf = new Map(known.map(([word], id) => [word, id]))
  const sentences = texts.map(words => Int32Array.from(words.flatMap(word => idOf.get(word) ?? [])))
  const train: Int32Array[] = []
  let size = 0
  let next = 0
  for (; size < tokens; next++) {
    train.push(sentences[next])
    size += sentences[next].length
  }
  const seen = new Set(train.flatMap(sentence => [...sentence]))
  const pairs: [number, number][] = []
  for (const sentence of sentences.slice(next))
    for (let i = 2; i < sentence.length && pairs.length < 1000; i++)
      if (sentence[i] > 100 && sentence[i - 1] > 100 && seen.has(sentence[i]) && seen.has(sentence[i - 1]))
        pairs.push([sentence[i - 1], sentence[i]])
  return { train, pairs, vocabularySize: known.length }
}

/** Mean reciprocal rank of the true neighbour among 50 other words, by cosine. */
async function score(corpus: Corpus, config: Config, seed: number): Promise<number> {
  const { dim, ...options } = config
  const model = new Word2Vec({ vocabularySize: corpus.vocabularySize, dim, key: seed })
  await model.fit(corpus.train, { ...options, seed })
  const vectors = await model.input.value.data()
  const cosine = (a: number, b: number): number => {
    let [dot, x, y] = [0, 0, 0]
    for (let d = 0; d < dim; d++) {
      const [p, q] = [vectors[a * dim + d], vectors[b * dim + d]]
      dot += p * q
      x += p * p
      y += q * q
    }
    return dot / Math.sqrt(x * y + 1e-12)
  }
  const ranks = corpus.pairs.map(([word, neighbour], i) => {
    const own = cosine(word, neighbour)
    let rank = 1
    for (let n = 0; n < 50; n++) if (cosine(word, (101 + 7919 * (i * 50 + n)) % corpus.vocabularySize) > own) rank += 1
    return 1 / rank
  })
  return ranks.reduce((a, b) => a + b, 0) / ranks.length
}

const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length

/** 1 less the mean score of the configurations that are drawn in the end; smaller is better. */
export default {
  claim:
    'after some rounds, the cross-entropy method draws better hyper-parameters of word2vec than random search does',
  baseline: 'random search over as many evaluations',
  seeds: [0, 1, 2],
  async run(seed: number) {
    const corpus = await glosses()
    const known = new Map<string, number>()
    const objective = async (config: Config): Promise<number> => {
      const name = JSON.stringify(config)
      const value = known.get(name) ?? (await score(corpus, config, seed))
      known.set(name, value)
      return value
    }
    const search = new CrossEntropyMethod(space, { population, rho: 0.25, seed })
    const found: number[] = []
    while (found.length < evaluations) {
      const configs = search.ask()
      const scores: number[] = []
      for (const config of configs) scores.push(await objective(config))
      search.tell(configs, scores)
      found.push(...scores)
    }
    const random: number[] = []
    for (const config of new CrossEntropyMethod(space, { seed: seed + 100 }).ask(evaluations))
      random.push(await objective(config))
    return {
      method: 1 - mean(found.slice(-10)),
      baseline: 1 - mean(random),
      details: { bestFound: Math.max(...found), bestRandom: Math.max(...random), meanOfLast: mean(found.slice(-10)) },
    }
  },
}
