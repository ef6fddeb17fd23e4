import {
  argmax,
  categorical,
  foldIn,
  type RandomKey,
  realize,
  SurprisalError,
  type Tensor,
  tensor,
  where,
} from '@surprisal/tensor'
import { requireWhole } from '../_shared/require.ts'
import type { LanguageModel } from './language-model.ts'
import { applyTokenRules, checkTokenRules, type TokenRules } from './next-token-probs.ts'
import { type Prompts, padPrompts } from './prompts.ts'
import { repeatedNgrams } from './repeated-ngrams.ts'

/** Why a text ended. */
export type FinishReason = 'eos' | 'stop' | 'length' | 'abort'

/** One step of {@link generateStream}. */
export interface GeneratedStep {
  /** Counted from 0. */
  readonly step: number
  /** The token of each row; the padding token where the row had ended before. */
  readonly tokens: readonly number[]
  /** Why each row has ended; null while it goes on. */
  readonly finishReasons: readonly (FinishReason | null)[]
}

/** What {@link generate} gives. */
export interface GenerateOutput {
  /** What was written after each prompt, the token that ended it included. */
  sequences: number[][]
  finishReasons: FinishReason[]
}

/** Options of {@link generate}. */
export interface GenerateOptions extends TokenRules {
  /** Tokens written at most. @default 64 */
  maxNewTokens?: number
  /** No row ends by a token before it has as many. @default 0 */
  minNewTokens?: number
  /** What ends a text: one id or several. @default none */
  eosTokenId?: number | readonly number[] | null
  /** Fills rows that have ended. @default the first eosTokenId, or 0 */
  padTokenId?: number
  /** Draws the next token by its probability; false takes the likeliest. @default true */
  doSample?: boolean
  /** Key of the draws, or its seed: the same one gives the same text. @default 0 */
  seed?: RandomKey | number
  /** Ends a row when its text holds one of these; needs `decode`. @default [] */
  stopStrings?: readonly string[]
  /** Makes text of tokens, for `stopStrings`. */
  decode?: (ids: readonly number[]) => string
  /** No n-gram of this size is written twice, the prompt's included; 0: any may be. @default 0 */
  noRepeatNgramSize?: number
  /** Called after every step. */
  onToken?: (step: GeneratedStep) => void
  /** Ends all rows after the step under way. */
  signal?: AbortSignal
}

type Settings = ReturnType<typeof check>

/** Texts that are being written. */
interface Rows {
  readonly written: number[][]
  readonly reasons: (FinishReason | null)[]
}

function check(op: string, options: GenerateOptions) {
  const { maxNewTokens = 64, minNewTokens = 0, eosTokenId = null, doSample = true, seed = 0 } = options
  const { stopStrings = [], decode, noRepeatNgramSize = 0, onToken, signal, ...rest } = options
  requireWhole(op, 'maxNewTokens', maxNewTokens)
  requireWhole(op, 'minNewTokens', minNewTokens)
  requireWhole(op, 'noRepeatNgramSize', noRepeatNgramSize)
  const eos = eosTokenId === null ? [] : [eosTokenId].flat()
  const { padTokenId = eos[0] ?? 0 } = options
  for (const id of eos) requireWhole(op, 'eosTokenId', id)
  requireWhole(op, 'padTokenId', padTokenId)
  if (stopStrings.length > 0 && !decode)
    throw new SurprisalError('argument', `${op}: stopStrings need decode, which makes text of tokens`)
  const rules = checkTokenRules(op, rest)
  const stop = { stopStrings, decode: decode ?? (() => '') }
  return {
    maxNewTokens,
    minNewTokens,
    eos,
    padTokenId,
    doSample,
    seed,
    noRepeatNgramSize,
    onToken,
    signal,
    rules,
    stop,
  }
}

/**
 * Goes on from prompts, token by token, and gives each step as it is made.
 * @param prompts token ids of each row; shorter ones are padded on the left
 * @throws {SurprisalError} `argument` for a wrong option or prompt, at the call
 */
export function generateStream(
  model: LanguageModel,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions = {},
): AsyncGenerator<GeneratedStep, void, void> {
  const settings = check('generateStream', options)
  return steps(model, padPrompts('generateStream', prompts, settings.padTokenId), settings)
}

/**
 * Goes on from prompts until each row ends: by a token or text that ends it, or by its length.
 * @param prompts token ids of each row; shorter ones are padded on the left
 * @returns what was written, and why it ended
 * @throws {SurprisalError} `argument` for a wrong option or prompt, at the call
 */
export function generate(
  model: LanguageModel,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions = {},
): Promise<GenerateOutput> {
  const settings = check('generate', options)
  return collect(model, padPrompts('generate', prompts, settings.padTokenId), settings)
}

async function collect(model: LanguageModel, prompts: Prompts, settings: Settings): Promise<GenerateOutput> {
  const sequences: number[][] = prompts.rows.map(() => [])
  const unfinished = (): FinishReason => (settings.signal?.aborted ? 'abort' : 'length')
  let finishReasons = sequences.map(unfinished)
  const hasEnded = sequences.map(() => false)
  for await (const step of steps(model, prompts, settings)) {
    step.tokens.forEach((token, row) => {
      if (!hasEnded[row]) sequences[row].push(token)
      hasEnded[row] = step.finishReasons[row] !== null
    })
    finishReasons = step.finishReasons.map(reason => reason ?? unfinished())
  }
  return { sequences, finishReasons }
}

async function* steps(
  model: LanguageModel,
  prompts: Prompts,
  settings: Settings,
): AsyncGenerator<GeneratedStep, void, void> {
  const { maxNewTokens, padTokenId, onToken, signal } = settings
  const batch = prompts.rows.length
  const rows: Rows = { written: prompts.rows.map(() => []), reasons: prompts.rows.map(() => null) }
  const cache = model.createCache()
  const attentionMask = prompts.mask.includes(0) ? tensor(prompts.mask, { shape: [batch, prompts.length] }) : null
  let ids = tensor(prompts.ids, { shape: [batch, prompts.length] })
  for (let step = 0; step < maxNewTokens && !signal?.aborted; step++) {
    const logits = model.forward(ids, { cache, ...(attentionMask && { attentionMask }) })
    const last = logits.narrow(1, logits.shape[1] - 1, 1).squeeze({ dim: 1 })
    const next = choose(last, prompts, rows, step, settings)
    await realize([next, ...cache.tensors()])
    const chosen = await next.data()
    const tokens = rows.reasons.map((reason, row) => (reason === null ? chosen[row] : padTokenId))
    advance(rows, tokens, step, settings)
    const report = { step, tokens, finishReasons: [...rows.reasons] }
    onToken?.(report)
    yield report
    if (rows.reasons.every(reason => reason !== null)) return
    ids = tensor(Int32Array.from(tokens), { shape: [batch, 1] })
  }
}

/** The tokens of the step, int32 [B]. */
function choose(last: Tensor, prompts: Prompts, rows: Rows, step: number, settings: Settings): Tensor {
  const { doSample, seed, rules, eos, minNewTokens, noRepeatNgramSize } = settings
  const [batch, vocabulary] = last.shape
  const texts = prompts.rows.map((prompt, row) => [...prompt, ...rows.written[row]])
  const early = step < minNewTokens ? eos : []
  const banned = texts.map(text => [...early, ...repeatedNgrams(text, noRepeatNgramSize)])
  const allowed = banned.some(ids => ids.length > 0) ? where(banMask(banned, vocabulary), -1e30, last) : last
  if (!doSample && rules.repetitionPenalty === 1) return argmax(allowed, { dim: 1 })
  const previous = tensor(seenTokens(texts), { shape: [batch, Math.max(...texts.map(text => text.length))] })
  const logits = applyTokenRules(allowed, previous, rules)
  return doSample ? categorical(foldIn(seed, step), logits) : argmax(logits, { dim: 1 })
}

/** Rows of the same length; a short one repeats its last token, as being seen twice changes nothing. */
function seenTokens(texts: readonly (readonly number[])[]): Int32Array<ArrayBuffer> {
  const length = Math.max(...texts.map(text => text.length))
  return Int32Array.from(texts.flatMap(text => Array.from({ length }, (_, i) => text[Math.min(i, text.length - 1)])))
}

function banMask(banned: readonly (readonly number[])[], vocabulary: number): Tensor {
  const mask = new Uint8Array(banned.length * vocabulary)
  banned.forEach((ids, row) => {
    for (const id of ids) if (id < vocabulary) mask[row * vocabulary + id] = 1
  })
  return tensor(mask, { shape: [banned.length, vocabulary], dtype: 'bool' })
}

/** Adds the tokens of a step and says which rows have ended. */
function advance(rows: Rows, tokens: readonly number[], step: number, settings: Settings): void {
  const { eos, maxNewTokens, signal, stop } = settings
  tokens.forEach((token, row) => {
    if (rows.reasons[row] !== null) return
    const text = rows.written[row]
    text.push(token)
    const isStopped = stop.stopStrings.length > 0 && stop.stopStrings.some(s => stop.decode(text).includes(s))
    if (eos.includes(token)) rows.reasons[row] = 'eos'
    else if (isStopped) rows.reasons[row] = 'stop'
    else if (step + 1 === maxNewTokens) rows.reasons[row] = 'length'
    else if (signal?.aborted) rows.reasons[row] = 'abort'
  })
}
