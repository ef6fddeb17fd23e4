import { join } from 'node:path'
import { crossEntropy } from '@surprisal/losses'
import { AdamW, type FitResult, fit, generate, Llama, type Progress, shuffledBatches } from '@surprisal/nn'
import { fileCheckpoints } from '@surprisal/nn/node'
import { SurprisalError, type Tensor, tensor } from '@surprisal/tensor'
import { byteLevelTokenizer, type Tokenizer, trainBpe } from '@surprisal/tokenization'
import { writeModel } from '../model/model-folder.ts'
import type { Preset } from '../model/presets.ts'
import { endOfText, splitTexts, type TokenStream, toStream } from '../text/token-stream.ts'
import { type Evaluation, evaluate } from './evaluate.ts'

/** What a training is told. */
export interface TrainOptions {
  readonly documents: readonly string[]
  readonly preset: Preset
  readonly seed: number
  /** Folder of the model and its checkpoints. */
  readonly folder: string
  readonly resume: boolean
  readonly signal?: AbortSignal
  /** Told what goes on. */
  say(line: string): void
  progress(progress: Progress): void
  /** @param sample what the model writes now */
  evaluated(step: number, evaluation: Evaluation, sample: string): void
}

/** What a training came to. */
export interface TrainResult {
  readonly fit: FitResult
  readonly evaluation: Evaluation | null
  readonly parameters: number
}

/** Evaluations on the way, and tokens that each looks at. */
const evaluations = 10
const quickTokens = 20_000

function trainTokenizer(texts: readonly string[], vocabSize: number, signal?: AbortSignal): Tokenizer {
  const trained = trainBpe(texts, {
    vocabSize,
    minFrequency: 2,
    specialTokens: [endOfText],
    ...(signal && { signal }),
  })
  return byteLevelTokenizer(trained)
}

interface Batch {
  readonly ids: Tensor
  readonly targets: Tensor
}

/** Windows of a stream in batches, in another order each epoch. */
function windows({ ids }: TokenStream, { context, batch }: Preset, seed: number) {
  const count = Math.floor((ids.length - 1) / context)
  if (count < batch)
    throw new SurprisalError(
      'argument',
      `tiny-lm: the texts must have at least ${batch * context + 1} tokens, got ${ids.length}; give more of them`,
    )
  return shuffledBatches<Batch>(count, {
    batchSize: batch,
    seed,
    take: samples => {
      const [input, targets] = [new Int32Array(batch * context), new Int32Array(batch * context)]
      samples.forEach((sample, row) => {
        const start = sample * context
        input.set(ids.subarray(start, start + context), row * context)
        targets.set(ids.subarray(start + 1, start + context + 1), row * context)
      })
      return { ids: tensor(input, { shape: [batch, context] }), targets: tensor(targets) }
    },
  })
}

const lossOf = (model: Llama, { ids, targets }: Batch) => {
  const logits = model.forward(ids)
  return {
    loss: crossEntropy(logits.reshape([targets.size, logits.shape[2]]), targets),
    tokens: targets.size,
    samples: ids.shape[0],
  }
}

/**
 * Trains a tokenizer and a model on texts and writes both. What was reached is kept when the signal stops it, and
 * `resume` goes on from there to the very same weights.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { documents, preset, seed, folder, resume, signal, say } = options
  const { train: learned, validation } = splitTexts(documents)
  const started = performance.now()
  const tokenizer = trainTokenizer(learned, preset.config.vocabSize, signal)
  const stream = toStream(learned, tokenizer)
  const held = toStream(validation, tokenizer)
  say(
    `${documents.length.toLocaleString('en')} texts, ${stream.ids.length.toLocaleString('en')} tokens of ` +
      `${(stream.characters / stream.ids.length).toFixed(1)} characters, after ${seconds(started)}`,
  )
  const config = { ...preset.config, vocabSize: tokenizer.vocabSize }
  const model = new Llama(config, { key: seed })
  const parameters = model.numParameters()
  say(
    `A model of ${parameters.toLocaleString('en')} parameters, ${preset.steps} steps of ${preset.batch * preset.context} tokens`,
  )
  const every = Math.max(1, Math.floor(preset.steps / evaluations))
  let steps = 0
  const result = await fit(model, {
    loss: lossOf,
    data: windows(stream, preset, seed),
    optimizer: new AdamW(decayed(model), { lr: preset.lr, betas: [0.9, 0.95], weightDecay: 0.1 }),
    steps: preset.steps,
    schedule: { schedule: 'cosine', lr: preset.lr, warmupSteps: Math.min(50, preset.steps), minLr: preset.lr / 20 },
    clipNorm: 1,
    evalEvery: every,
    evalFn: async () => {
      const evaluation = await evaluate(model, held, { context: preset.context, most: quickTokens })
      options.evaluated(steps, evaluation, await sampleOf(model, tokenizer, seed))
      return evaluation.natsPerCharacter
    },
    progress: progress => {
      steps = progress.step
      options.progress(progress)
    },
    checkpoint: { store: fileCheckpoints(join(folder, 'checkpoints')), every, keep: 2, config },
    resume,
    seed,
    ...(signal && { signal }),
  })
  await writeModel(folder, config, model.stateDict(), tokenizer)
  if (result.reason === 'aborted') return { fit: result, evaluation: null, parameters }
  return { fit: result, evaluation: await evaluate(model, held, { context: preset.context }), parameters }
}

/** A text of the model, of a line or so. */
async function sampleOf(model: Llama, tokenizer: Tokenizer, seed: number): Promise<string> {
  const end = tokenizer.tokenToId(endOfText) as number
  const { sequences } = await generate(model, [[end]], { maxNewTokens: 40, eosTokenId: end, temperature: 0.8, seed })
  return tokenizer.decode(sequences[0]).replaceAll('\n', ' ')
}

/** Matrices decay, scales of norms do not. */
function decayed(model: Llama) {
  const [matrices, scales] = [true, false].map(isMatrix =>
    model.parameters().filter(({ shape }) => shape.length > 1 === isMatrix),
  )
  return [{ params: matrices }, { params: scales, weightDecay: 0 }]
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`
