import type { Corpus } from '../data/corpus.ts'
import { TextTokenizer } from '../model/text-tokenizer.ts'
import { type TokenizedCorpus, tokenizeCorpus } from './pairs.ts'

const topics = [
  'cat purr fur',
  'ship sail sea',
  'bread oven flour',
  'king crown throne',
  'rain cloud storm',
  'song voice tune',
]
const frames = [
  'a thing of %',
  'it is about %',
  'what has %',
  '% and more',
  'some kind of %',
  'known for %',
  'like a %',
]

/** A little world with topics that share their words, in which there is something to learn within seconds. */
export const topicCorpus: Corpus = {
  name: 'topics',
  kind: 'wordnet',
  sampleQueries: [],
  documents: frames.flatMap((frame, f) =>
    topics.map((topic, t) => ({
      id: `n${f}${t}`,
      title: topic.split(' ')[f % 3],
      text: frame.replace('%', topic),
      examples: [`${topic.split(' ')[(f + 1) % 3]} here`],
      related: [((f + 1) % frames.length) * topics.length + t],
    })),
  ),
}

export const topicTokenizer = TextTokenizer.train(
  topicCorpus.documents.map(({ text }) => text),
  { vocabSize: 400 },
)

export const topicTokens: TokenizedCorpus = tokenizeCorpus(
  topicCorpus,
  text => topicTokenizer.encode(text),
  topicTokenizer.wordStarts(),
)

/** Number of the topic of a document. */
export const topicOf = (i: number): number => i % topics.length
