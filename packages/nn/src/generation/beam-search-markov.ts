import { logSoftmax, SurprisalError, type TensorLike, tensor } from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireWhole } from '../_shared/require.ts'
import { type BeamRules, Beams, type Candidate } from './beams.ts'

/** Options of {@link beamSearchMarkov}. */
export interface BeamSearchMarkovOptions {
  /** The token that all begins with. */
  bosTokenId: number
  /** The token that ends a hypothesis. */
  eosTokenId: number
  /** Hypotheses kept at a time. */
  numBeams: number
  maxNewTokens: number
  /** Exponent of the length that sums are divided by. @default 1 */
  lengthPenalty?: number
}

/** Checks the rules of a beam search. */
export function checkBeamRules(op: string, rules: BeamRules): BeamRules {
  requireWhole(op, 'numBeams', rules.numBeams, 1)
  requireWhole(op, 'maxNewTokens', rules.maxNewTokens, 1)
  if (!Number.isFinite(rules.lengthPenalty))
    throw new SurprisalError('argument', `${op}: lengthPenalty must be finite, got ${rules.lengthPenalty}`)
  return rules
}

/**
 * Beam search over a chain whose next token depends on the last one alone: what the search of a language model is
 * checked with, and the most probable path of a Markov source.
 * @param transitionLogits float [V, V]; row i: what may follow token i
 * @returns the best sequence, int32 with bos in front, and its score
 * @throws {SurprisalError} `shape` unless square, `argument` for a token outside of it
 */
export function beamSearchMarkov(transitionLogits: TensorLike, options: BeamSearchMarkovOptions) {
  const op = 'beamSearchMarkov'
  requireTensor(op, 'transitionLogits', transitionLogits)
  const { bosTokenId, eosTokenId, numBeams, maxNewTokens, lengthPenalty = 1 } = options
  const [size, width] = transitionLogits.shape
  if (transitionLogits.shape.length !== 2 || size !== width || size === 0)
    throw new SurprisalError(
      'shape',
      `${op}: transitionLogits must be [V, V], got [${transitionLogits.shape.join(', ')}]`,
    )
  for (const [name, id] of Object.entries({ bosTokenId, eosTokenId }))
    if (!Number.isInteger(id) || id < 0 || id >= size)
      throw new SurprisalError('argument', `${op}: ${name} must be below ${size}, got ${id}`)
  const rules = checkBeamRules(op, { numBeams, maxNewTokens, lengthPenalty, eosTokenIds: [eosTokenId] })
  const rows = logSoftmax(transitionLogits, { dim: 1 }).data()
  return search(rows, size, bosTokenId, rules)
}

async function search(rows: Promise<ArrayLike<number>>, size: number, bos: number, rules: BeamRules) {
  const logProbs = await rows
  const beams = new Beams(rules)
  while (!beams.isDone) {
    const candidates = beams.running.flatMap(({ tokens }, beam): Candidate[] => {
      const last = tokens.length > 0 ? tokens[tokens.length - 1] : bos
      return Array.from({ length: size }, (_, token) => ({ beam, token, logProb: logProbs[last * size + token] }))
    })
    beams.advance(candidates)
  }
  const { tokens, score } = beams.best()
  return { sequence: tensor([bos, ...tokens], { dtype: 'int32' }), score }
}
