import { join } from 'node:path'
import { readSafetensors, writeSafetensors } from '@surprisal/nn'
import { BinaryIndex, BM25Index, FlatIndex, Int8Index } from '@surprisal/retrieval'
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
import { BuildLock } from './build-lock.ts'
import { buildFolder } from './cache-folder.ts'
import { rebuildAdvice } from './manifest.ts'
import type { SearchOptions } from './options.ts'
import { type Preset, presets } from './presets.ts'
import type { Progress, RunningPhase } from './progress.ts'

/** Thrown when a person stops the work; the phases that had ended are kept. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError'
}

/** Documents between two looks at the signal. */
const documentsPerTurn = 2048

interface BuildParts {
  home: string
  lock: BuildLock | null
  store: ArtifactStore
  progress: Progress
  signal: AbortSignal
}

/** One build: each phase loads what an earlier run has stored, or does the work and stores it. */
export class Build {
  readonly #corpus: Corpus
  readonly #preset: Preset
  readonly #seed: number
  readonly #store: ArtifactStore
  readonly #home: string
  readonly #progress: Progress
  readonly #signal: AbortSignal
  #tokenized: TokenizedCorpus | null = null
  #lock: BuildLock | null
  #phase: RunningPhase | null = null

  private constructor(corpus: Corpus, options: SearchOptions, { home, lock, store, progress, signal }: BuildParts) {
    this.#corpus = corpus
    this.#home = home
    this.#preset = presets[options.preset]
    this.#seed = options.seed
    this.#lock = lock
    this.#store = store
    this.#progress = progress
    this.#signal = signal
  }

  static async open(corpus: Corpus, options: SearchOptions, progress: Progress, signal: AbortSignal): Promise<Build> {
    const home = buildFolder(corpus, options)
    // A rebuild may clear what an earlier one has left, so that it needs the folder for itself from the beginning.
    const lock = options.rebuild ? await BuildLock.take(home) : null
    try {
      const store = await ArtifactStore.open(home, { rebuild: options.rebuild })
      return new Build(corpus, options, { home, lock, store, progress, signal })
    } catch (error) {
      await lock?.release()
      throw error
    }
  }

  /** Where the files of the build are kept. */
  get folder(): string {
    return this.#home
  }

  /**
   * All phases; what they make is a search engine.
   * @throws {StoppedError} when the signal was given
   * @throws {SurprisalError} `format` or `io` naming a file that cannot be used or written
   */
  async run(): Promise<SearchEngine> {
    try {
      const engine = await this.#runPhases()
      await this.#store.commit()
      await this.#stopIfAsked()
      return engine
    } catch (error) {
      this.#phase?.abandon()
      if (!(error instanceof StoppedError)) await this.#store.discard()
      throw error
    } finally {
      await this.#lock?.release()
    }
  }

  async #runPhases(): Promise<SearchEngine> {
    const tokenizer = await this.#tokenizer()
    const { encoder, curve } = await this.#teacher(tokenizer)
    const student = await this.#student(tokenizer, encoder)
    const compact = compactEncoder(encoder)
    const bm25 = await this.#bm25()
    const dense = await this.#flat('dense.srpx', 'Index by meaning', tokenizer, encoder)
    const studentIndex = await this.#flat('student.srpx', 'Index by the student', tokenizer, student)
    const { int8, binary } = await this.#codes(tokenizer, compact)
    const engine = new SearchEngine({
      corpus: this.#corpus,
      tokenizer,
      encoder,
      student,
      compactEncoder: compact,
      bm25,
      dense,
      studentIndex,
      int8,
      binary,
      evaluation: (await this.#store.readJson('evaluation.json')) as EvaluationTable | null,
      curve,
    })
    engine.evaluation ??= await this.#evaluate(engine)
    return engine
  }

  async #begin(title: string, total: number): Promise<RunningPhase> {
    await this.#stopIfAsked()
    this.#lock ??= await BuildLock.take(this.#home)
    this.#phase = this.#progress.phase(title, total)
    return this.#phase
  }

  /** Lets signals and timers in between two pieces of work. */
  async #stopIfAsked(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
    if (!this.#signal.aborted) return
    const { folder, isRebuild } = this.#store
    throw new StoppedError(
      `Stopped; the finished phases are kept in ${folder}; start again${isRebuild ? ' with --rebuild' : ''} to go on`,
    )
  }

  async #corpusTokens(tokenizer: TextTokenizer): Promise<TokenizedCorpus> {
    if (this.#tokenized) return this.#tokenized
    const { documents } = this.#corpus
    const phase = await this.#begin('Tokenize', documents.length)
    const wordStarts = tokenizer.wordStarts()
    const parts: TokenizedCorpus[] = []
    for (let at = 0; at < documents.length; at += documentsPerTurn) {
      const part = { ...this.#corpus, documents: documents.slice(at, at + documentsPerTurn) }
      parts.push(tokenizeCorpus(part, text => tokenizer.encode(text), wordStarts))
      phase.update(Math.min(documents.length, at + documentsPerTurn))
      await this.#stopIfAsked()
    }
    phase.finish()
    this.#tokenized = {
      titles: parts.flatMap(part => part.titles),
      texts: parts.flatMap(part => part.texts),
      examples: parts.flatMap(part => part.examples),
      related: parts.flatMap(part => part.related),
      wordStarts,
    }
    return this.#tokenized
  }

  async #tokenizer(): Promise<TextTokenizer> {
    const stored = await this.#load('tokenizer.json', bytes => TextTokenizer.load(new TextDecoder().decode(bytes)))
    if (stored) return stored
    const { vocabSize } = this.#preset
    const phase = await this.#begin('Train tokenizer', vocabSize)
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
    const loaded = await this.#encoder('encoder.safetensors', { vocabSize, dim, hidden })
    const stored = (await this.#store.readJson('curve.json')) as TrainingCurve | null
    if (loaded && stored) return { encoder: loaded, curve: stored }
    const tokens = await this.#corpusTokens(tokenizer)
    const phase = await this.#begin('Train encoder', steps)
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
        await this.#stopIfAsked()
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
    const stored = await this.#encoder('student.safetensors', { vocabSize, dim: studentDim, hidden: 0 })
    if (stored) return stored
    const tokens = await this.#corpusTokens(tokenizer)
    const phase = await this.#begin('Distil student', studentSteps)
    const student = await distillEncoder(teacher, tokens, splitCorpus(this.#corpus).training, {
      dim: studentDim,
      steps: studentSteps,
      batchSize: Math.min(512, batchSize),
      lr,
      temperature,
      seed: this.#seed,
      signal: this.#signal,
      onStep: async (step, loss) => {
        phase.update(step + 1, `loss ${loss.toFixed(3)}`)
        await this.#stopIfAsked()
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
    const { documents } = this.#corpus
    const phase = await this.#begin('Index words', documents.length)
    const index = new BM25Index({ analyzer: textAnalysis })
    for (let at = 0; at < documents.length; at += documentsPerTurn) {
      const part = documents.slice(at, at + documentsPerTurn)
      index.add(
        part.map((_, i) => at + i),
        part.map(({ title, text }) => `${title} ${text}`),
      )
      phase.update(at + part.length)
      await this.#stopIfAsked()
    }
    await this.#store.write('bm25.srpx', index.save())
    phase.finish(`${index.stats().terms.toLocaleString('en')} terms`)
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
    const tokens = await this.#corpusTokens(tokenizer)
    const { documents } = this.#corpus
    const phase = await this.#begin(title, documents.length)
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
    if (sets.length === 0) this.#progress.say('Too few documents to hold some out: there is no evaluation')
    const total = sets.reduce((sum, { queries }) => sum + queries.length * systemNames.length, 0)
    const phase = await this.#begin('Evaluate', total)
    const table: EvaluationTable[number][] = []
    let before = 0
    for (const set of sets) {
      table.push(
        await evaluateSystems(engine, set, async done => {
          phase.update(before + done)
          await this.#stopIfAsked()
        }),
      )
      before += set.queries.length * systemNames.length
    }
    await this.#store.writeJson('evaluation.json', table)
    phase.finish(sets.map(set => `${set.queries.length} queries`).join(' and '))
    return table
  }

  /** Documents are indexed by position: numbers are read in a fraction of the time that names take. */
  #ids(): number[] {
    return [...this.#corpus.documents.keys()]
  }

  #encoder(name: string, sizes: { vocabSize: number; dim: number; hidden: number }): Promise<TextEncoder | null> {
    return this.#load(name, bytes => {
      const encoder = new TextEncoder({ ...sizes, key: randomKey(0) })
      encoder.loadStateDict(readSafetensors(bytes))
      return encoder
    })
  }

  /** What an earlier run has stored; its own reader checks what the checksum of the file cannot. */
  async #load<T>(name: string, read: (bytes: Uint8Array) => T): Promise<T | null> {
    const bytes = await this.#store.read(name)
    if (bytes === null) return null
    try {
      return read(bytes)
    } catch (cause) {
      const reason = (cause as Error).message
      const path = join(this.#store.folder, name)
      throw new SurprisalError('format', `search: ${path} cannot be used (${reason}); ${rebuildAdvice}`, { cause })
    }
  }
}
