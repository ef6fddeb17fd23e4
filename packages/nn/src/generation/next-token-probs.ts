import {
  arange,
  cumsum,
  SurprisalError,
  scatter,
  softmax,
  sort,
  type Tensor,
  type TensorLike,
  topk,
  where,
  zeros,
} from '@surprisal/tensor'
import { requireTensor, tensorOf } from '../_shared/positional.ts'
import { requireWhole } from '../_shared/require.ts'

/** What makes probabilities of logits; applied in the order in which they stand here. */
export interface TokenRules {
  /** Divides positive and multiplies negative logits of tokens seen before, once each. @default 1 */
  repetitionPenalty?: number
  /** Divides the logits. @default 1 */
  temperature?: number
  /** Keeps the k largest and what equals the last of them; 0: all. @default 0 */
  topK?: number
  /** Keeps the likeliest tokens that together have this probability. @default 1 */
  topP?: number
  /** Drops tokens below this share of the largest probability. @default 0 */
  minP?: number
  /** Tokens that no rule may drop. @default 1 */
  minTokensToKeep?: number
}

/**
 * Checks the rules once, where generation begins.
 * @throws {SurprisalError} `argument`
 */
export function checkTokenRules(op: string, rules: TokenRules): Required<TokenRules> {
  const { repetitionPenalty = 1, temperature = 1, topK = 0, topP = 1, minP = 0, minTokensToKeep = 1 } = rules
  const wrong = (name: string, expected: string, got: number): never => {
    throw new SurprisalError('argument', `${op}: ${name} must be ${expected}, got ${got}`)
  }
  if (!(repetitionPenalty > 0) || repetitionPenalty === Number.POSITIVE_INFINITY)
    wrong('repetitionPenalty', 'above 0', repetitionPenalty)
  if (!(temperature > 0)) wrong('temperature', 'above 0 (greedy is doSample: false)', temperature)
  if (!(topP > 0 && topP <= 1)) wrong('topP', 'in (0, 1]', topP)
  if (!(minP >= 0 && minP <= 1)) wrong('minP', 'in [0, 1]', minP)
  requireWhole(op, 'topK', topK)
  requireWhole(op, 'minTokensToKeep', minTokensToKeep, 1)
  return { repetitionPenalty, temperature, topK, topP, minP, minTokensToKeep }
}

/**
 * Logits with the rules applied: what is dropped is -Infinity.
 * @param logits float [B, V]
 * @param previousIds int32 [B, n] within [0, V)
 */
export function applyTokenRules(logits: Tensor, previousIds: Tensor, rules: Required<TokenRules>): Tensor {
  const { repetitionPenalty, temperature, topK, topP, minP, minTokensToKeep } = rules
  const [rows, vocabulary] = logits.shape
  const keep = Math.min(minTokensToKeep, vocabulary)
  let x = logits
  if (repetitionPenalty !== 1 && previousIds.size > 0) {
    const seen = scatter(zeros([rows, vocabulary], { dtype: 'bool' }), 1, previousIds, true)
    x = where(seen, where(x.less(0), x.mul(repetitionPenalty), x.div(repetitionPenalty)), x)
  }
  if (temperature !== 1) x = x.div(temperature)
  const drop = (dropped: Tensor): Tensor => where(dropped, Number.NEGATIVE_INFINITY, x)
  if (topK > 0 && topK < vocabulary) {
    const { values } = topk(x, Math.max(topK, keep))
    x = drop(x.less(values.narrow(1, values.shape[1] - 1, 1)))
  }
  if (topP < 1) {
    const { values, indices } = sort(x)
    const isTail = cumsum(softmax(values, { dim: 1 }), { dim: 1 }).lessEqual(1 - topP)
    const tail = isTail.logicalAnd(arange(vocabulary).less(vocabulary - keep))
    x = drop(scatter(zeros([rows, vocabulary], { dtype: 'bool' }), 1, indices, tail))
  }
  if (minP > 0) {
    const probabilities = softmax(x, { dim: 1 })
    const largest = probabilities.max({ dim: 1, keepdim: true })
    const { values } = topk(probabilities, keep)
    const isSmall = probabilities.less(largest.mul(minP))
    x = drop(isSmall.logicalAnd(probabilities.less(values.narrow(1, keep - 1, 1))))
  }
  return x
}

/**
 * Probabilities of the next token after the rules of generation, in the order and with the tie rules of Hugging Face.
 * @param logits float [B, V]
 * @param previousIds int32 [B, n], what has been read and written so far; n may be 0
 * @returns [B, V], each row of sum 1
 * @throws {SurprisalError} `argument` for a rule outside of its range, `shape` unless [B, V] and [B, n]
 */
export function nextTokenProbs(logits: TensorLike, previousIds: TensorLike, options: TokenRules = {}): Tensor {
  requireTensor('nextTokenProbs', 'logits', logits)
  requireTensor('nextTokenProbs', 'previousIds', previousIds)
  const rules = checkTokenRules('nextTokenProbs', options)
  const text = (shape: readonly number[]) => `[${shape.join(', ')}]`
  if (logits.shape.length !== 2 || logits.shape[1] === 0)
    throw new SurprisalError('shape', `nextTokenProbs: logits must be [batch, vocabulary], got ${text(logits.shape)}`)
  if (previousIds.shape.length !== 2 || previousIds.shape[0] !== logits.shape[0])
    throw new SurprisalError(
      'shape',
      `nextTokenProbs: previousIds must be [${logits.shape[0]}, n], got ${text(previousIds.shape)}`,
    )
  const [x, ids] = [logits, previousIds].map(tensorOf) as [Tensor, Tensor]
  return softmax(applyTokenRules(x, ids, rules), { dim: 1 })
}
