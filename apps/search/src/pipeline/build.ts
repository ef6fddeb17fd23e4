import { BinaryIndex, BM25Index, FlatIndex, Int8Index } from '@surprisal/retrieval'
import { readSafetensors, writeSafetensors } from '@surprisal/nn'
import { randomKey, SurprisalError } from '@surprisal/tensor'
import type { Corpus } from '../data/corpus.ts'
import { splitCorpus } from '../data/split.ts'
import { compactEncoder } from '../model/compact-encoder.ts'
import { encodeTexts } from '../model/encode-texts.ts'
import { TextEncoder } from '../model/text-encoder.ts'
import { TextTokenizer } from '../model/text-tokenizer.ts'
import type { EvaluationTable, TrainingCurve } from '../server/types.ts'
import { textAnalysis } from '../systems/analysis.ts'
import { evaluateSystems } from '../systems/evaluate.ts'
import { heldOutQueries } from '../systems/queries.ts'
import { SearchEngine, systemNames } from '../systems/search-engine.ts'
import { distillEncoder } from '../training/distill-encoder.ts'
import { documentTokens, type TokenizedCorpus, tokenizeCorpus } from '../training/pairs.ts'
import { trainEncoder } from '../training/train-encoder.ts'
import { ArtifactStore } from './artifact-store.ts'
import { buildFolder } from './cache-folder.ts'
import type { SearchOptions } from './options.ts'
import { type Preset, presets } from './presets.ts'
import type { Progress } from './progress.ts'

/** Thrown when a person stops the work; the phases that had ended are kept. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError'
}

/** Lets signals and timers in between two pieces of work. */
const breathe = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** One build: each phase loads what an earlier run has stored, or does the work and stores it. */
export class Build {
  readonly #corpus: Corpus
  readonly #preset: Preset
  readonly #seed: number
  readonly #store: ArtifactStore
  readonly #progress: Progress
  readonly #signal: AbortSignal
  #tokenized: TokenizedCorpus | null = null

  private constructor(corpus: Corpus, options: SearchOptions, store: ArtifactStore, progress: Progress, signal: AbortSignal) {
    this.#corpus = corpus
    this.#preset = presets[options.preset]
    this.#seed = options.seed
    this.#store = store
    this.#progress = progress
    this.#signal = signal
  }

  static async open(corpus: Corpus, options: SearchOptions, progress: Progress, signal: AbortSignal): Promise<Build> {
    const store = await ArtifactStore.open(buildFolder(corpus, options), { rebuild: options.rebuild })
    return new Build(corpus, options, store, progress, signal)
  }

  get folder(): string {
    return this.#store.folder
  }

  /** All phases; what they make is a search engine. */
  async run(): Promise<SearchEngine> {
    const tokenizer = await this.#tokenizer()
    const { encoder, curve } = await this.#teacher(tokenizer)
    const student = await this.#student(tokenizer, encoder)
    const compact = compactEncoder(encoder)
    const bm25 = await this.#bm25()
    const dense = await this.#flat('dense.srpx', 'Index by meaning', tokenizer, encoder)
    const studentIndex = await this.#flat('student.srpx', 'Index by the student', tokenizer, student)
    const { int8, binary } = await this.#codes(tokenizer, compact)
    const evaluation = (await this.#store.readJson('evaluation.json')) as EvaluationTable | null
    const parts = { corpus: this.#corpus, tokenizer, encoder, student, compactEncoder: compact, bm25, dense, studentIndex, int8, binary, evaluation, curve }
    const engine = new SearchEngine(parts)
    engine.evaluation ??= await this.#evaluate(engine)
    return engine
  }

  async #stopIfAsked(): Promise<void> {
    await breathe()
    if (this.#signal.aborted) throw new StoppedError(`stopped; what was finished is kept in ${this.#store.folder}`)
  }

  #corpusTokens(tokenizer: TextTokenizer): TokenizedCorpus {
    this.#tokenized ??= tokenizeCorpus(this.#corpus, text => tokenizer.encode(text), tokenizer.wordStarts())
    return this.#tokenized
  }

  async #tokenizer(): Promise<TextTokenizer> {
    const stored = await this.#store.read('tokenizer.json')
    if (stored) return TextTokenizer.load(new TextDecoder().decode(stored))
    const { vocabSize } = this.#preset
    const phase = this.#progress.phase('Train tokenizer', vocabSize)
    const { documents } = this.#corpus
    const texts = splitCorpus(this.#corpus).training.map(i => `${documents[i].title} ${documents[i].text}`)
    const tokenizer = TextTokenizer.train(texts, { vocabSize, onProgress: tokens => phase.update(tokens) })
    await this.#stopIfAsked()
    await this.#store.writeJson('tokenizer.json', tokenizer)
    phase.finish(`${tokenizer.vocabSize.toLocaleString('en')} pieces`)
    return tokenizer
  }

  async #teacher(tokenizer: TextTokenizer): Promise<{ encoder: TextEncoder; curve: TrainingCurve }> {
    const { vocabSize } = tokenizer
    const { dim, hidden, steps, batchSize, lr, temperature } = this.#preset
    const weights = await this.#store.read('encoder.safetensors')
    const stored = (await this.#store.readJson('curve.json')) as TrainingCurve | null
    if (weights && stored) {
      const encoder = new TextEncoder({ vocabSize, dim, hidden, key: randomKey(0) })
      encoder.loadStateDict(readSafetensors(weights))
      return { encoder, curve: stored }
    }
    const tokens = this.#corpusTokens(tokenizer)
    const phase = this.#progress.phase('Train encoder', steps)
    const curve: Required<TrainingCurve> = { steps: [], loss: [], learningRate: [] }
    const encoder = await trainEncoder(tokens, splitCorpus(this.#corpus).training, {
      vocabSize,
      dim,
      hidden,
      steps,
      batchSize,
      lr,
      temperature,
      seed: this.#seed,
      signal: this.#signal,
      onStep: async (step, loss, rate) => {
        curve.steps.push(step)
        curve.loss.push(loss)
        curve.learningRate.push(rate)
        phase.update(step + 1, `loss ${loss.toFixed(2)}`)
        await breathe()
      },
    })
    await this.#stopIfAsked()
    await this.#store.write('encoder.safetensors', await writeSafetensors(encoder.stateDict()))
    await this.#store.writeJson('curve.json', curve)
    phase.finish(`${steps} steps, loss ${curve.loss.at(-1)?.toFixed(2)}`)
    return { encoder, curve }
  }

  async #student(tokenizer: TextTokenizer, teacher: TextEncoder): Promise<TextEncoder> {
    const { studentDim, studentSteps, batchSize, lr, temperature } = this.#preset
    const { vocabSize } = tokenizer
    const weights = await this.#store.read('student.safetensors')
    if (weights) {
      const student = new TextEncoder({ vocabSize, dim: studentDim, hidden: 0, key: randomKey(0) })
      student.loadStateDict(readSafetensors(weights))
      return student
    }
    const phase = this.#progress.phase('Distil student', studentSteps)
    const student = await distillEncoder(teacher, this.#corpusTokens(tokenizer), splitCorpus(this.#corpus).training, {
      dim: studentDim,
      steps: studentSteps,
      batchSize: Math.min(512, batchSize),
      lr: lr / 3,
      temperature,
      seed: this.#seed,
      signal: this.#signal,
      onStep: async (step, loss) => {
        phase.update(step + 1, `loss ${loss.toFixed(3)}`)
        await breathe()
      },
    })
    await this.#stopIfAsked()
    await this.#store.write('student.safetensors', await writeSafetensors(student.stateDict()))
    phase.finish(`${teacher.dim} to ${studentDim} dimensions`)
    return student
  }

  async #bm25(): Promise<BM25Index> {
    const stored = await this.#load('bm25.srpx', bytes => BM25Index.load(bytes))
    if (stored) return stored
    const phase = this.#progress.phase('Index words', 1)
    const index = new BM25Index({ analyzer: textAnalysis })
    index.add(this.#ids(), this.#corpus.documents.map(document => `${document.title} ${document.text}`))
    await this.#store.write('bm25.srpx', index.save())
    phase.finish(`${index.stats().terms.toLocaleString('en')} terms`)
    await this.#stopIfAsked()
    return index
  }

  async #flat(name: string, title: string, tokenizer: TextTokenizer, encoder: TextEncoder): Promise<FlatIndex> {
    const stored = await this.#load(name, bytes => FlatIndex.load(bytes))
    if (stored) return stored
    const vectors = await this.#vectors(title, tokenizer, encoder)
    const index = new FlatIndex({ dim: encoder.dim })
    index.add(this.#ids(), vectors)
    await this.#store.write(name, index.save())
    return index
  }

  async #codes(tokenizer: TextTokenizer, encoder: TextEncoder): Promise<{ int8: Int8Index; binary: BinaryIndex }> {
    const int8 = await this.#load('int8.srpx', bytes => Int8Index.load(bytes))
    const binary = await this.#load('binary.srpx', bytes => BinaryIndex.load(bytes))
    if (int8 && binary) return { int8, binary }
    const vectors = await this.#vectors('Quantize', tokenizer, encoder)
    const bytes = new Int8Index({ dim: encoder.dim })
    const bits = new BinaryIndex({ dim: encoder.dim, rescore: 'int8' })
    bytes.add(this.#ids(), vectors)
    bits.add(this.#ids(), vectors)
    await this.#store.write('int8.srpx', bytes.save())
    await this.#store.write('binary.srpx', bits.save())
    return { int8: bytes, binary: bits }
  }

  async #vectors(title: string, tokenizer: TextTokenizer, encoder: TextEncoder): Promise<Float32Array> {
    const tokens = this.#corpusTokens(tokenizer)
    const { documents } = this.#corpus
    const phase = this.#progress.phase(title, documents.length)
    const texts = documents.map((_, i) => documentTokens(tokens, i))
    const vectors = await encodeTexts(encoder, texts, async done => {
      phase.update(done)
      await this.#stopIfAsked()
    })
    phase.finish(`${documents.length.toLocaleString('en')} documents, ${encoder.dim} dimensions`)
    return vectors
  }

  async #evaluate(engine: SearchEngine): Promise<EvaluationTable> {
    const sets = heldOutQueries(this.#corpus, splitCorpus(this.#corpus).heldOut, this.#preset.queries)
    const phase = this.#progress.phase('Evaluate', sets.length * systemNames.length)
    const table: EvaluationTable[number][] = []
    for (const set of sets) {
      table.push(await evaluateSystems(engine, set, done => phase.update(table.length * systemNames.length + done)))
      await this.#stopIfAsked()
    }
    await this.#store.writeJson('evaluation.json', table)
    phase.finish(sets.map(set => `${set.queries.length} queries`).join(' and '))
    return table
  }

  #ids(): string[] {
    return this.#corpus.documents.map(document => document.id)
  }

  /** An index of an earlier run; its own reader checks every section. */
  async #load<T>(name: string, read: (bytes: Uint8Array) => T): Promise<T | null> {
    const bytes = await this.#store.read(name)
    if (bytes === null) return null
    try {
      return read(bytes)
    } catch (cause) {
      const reason = (cause as Error).message
      throw new SurprisalError('format', `search: ${this.#store.folder}/${name} cannot be used (${reason}); start again with --rebuild`, { cause })
    }
  }
}
