import { logSoftmax, realize, tensor, topk } from '@surprisal/tensor'
import { requireWhole } from '../_shared/require.ts'
import { checkBeamRules } from './beam-search-markov.ts'
import { type BeamRules, Beams, type Candidate } from './beams.ts'
import type { LanguageModel } from './language-model.ts'
import { padPrompts } from './prompts.ts'

/** Options of {@link beamSearch}. */
export interface BeamSearchOptions {
  /** Hypotheses kept at a time. @default 4 */
  numBeams?: number
  /** @default 64 */
  maxNewTokens?: number
  /** Exponent of the length that sums of log-probabilities are divided by. @default 1 */
  lengthPenalty?: number
  /** What ends a hypothesis: one id or several. @default none */
  eosTokenId?: number | readonly number[] | null
  /** Ends the search after the step under way; the best so far is returned. */
  signal?: AbortSignal
}

/**
 * The most probable continuation of a prompt that a search of limited breadth finds, by the rules of Hugging Face.
 * @param prompt token ids
 * @returns what was written, the token that ends it included, and its score: sum of log-probabilities /
 * length^lengthPenalty
 * @throws {SurprisalError} `argument` for a wrong option or prompt, at the call
 */
export function beamSearch(
  model: LanguageModel,
  prompt: readonly number[],
  options: BeamSearchOptions = {},
): Promise<{ sequence: number[]; score: number }> {
  const { numBeams = 4, maxNewTokens = 64, lengthPenalty = 1, eosTokenId = null, signal } = options
  const eosTokenIds = eosTokenId === null ? [] : [eosTokenId].flat()
  for (const id of eosTokenIds) requireWhole('beamSearch', 'eosTokenId', id)
  const rules = checkBeamRules('beamSearch', { numBeams, maxNewTokens, lengthPenalty, eosTokenIds })
  return search(model, padPrompts('beamSearch', [prompt], 0).ids, rules, signal)
}

async function search(model: LanguageModel, prompt: Int32Array<ArrayBuffer>, rules: BeamRules, signal?: AbortSignal) {
  const beams = new Beams(rules)
  const cache = model.createCache()
  let ids = tensor(prompt, { shape: [1, prompt.length] })
  while (!beams.isDone && !signal?.aborted) {
    const logits = model.forward(ids, { cache })
    const last = logSoftmax(logits.narrow(1, logits.shape[1] - 1, 1).squeeze({ dim: 1 }), { dim: 1 })
    const width = Math.min(2 * rules.numBeams, last.shape[1])
    const { values, indices } = topk(last, width)
    await realize([values, indices, ...cache.tensors()])
    const [logProbs, tokens] = await Promise.all([values.data(), indices.data()])
    const candidates = Array.from(
      tokens,
      (token, i): Candidate => ({ beam: Math.floor(i / width), token, logProb: logProbs[i] }),
    )
    const from = beams.advance(candidates)
    if (beams.isDone) break
    cache.reorder(from)
    const written = beams.running.map(({ tokens: all }) => all[all.length - 1])
    ids = tensor(Int32Array.from(written), { shape: [written.length, 1] })
  }
  const { tokens, score } = beams.best()
  return { sequence: [...tokens], score }
}
