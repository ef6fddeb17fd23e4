import {
  logicalNot,
  Module,
  matmul,
  Parameter,
  type RandomKey,
  SurprisalError,
  splitKey,
  type Tensor,
  type TensorLike,
  uniform,
  zeros,
} from '@surprisal/tensor'
import { positional, requireTensor, tensorOf } from '../_shared/positional.ts'
import { requireDivisor, requireWhole } from '../_shared/require.ts'
import { xavierUniform } from '../init/init.ts'
import { maskedScores, softmaxOrZeros } from './attention-scores.ts'
import { dropout } from './dropout.ts'
import { linear } from './linear.ts'
import { scaledDotProductAttention } from './scaled-dot-product-attention.ts'

/** Options of {@link multiHeadAttentionForward}. */
export interface MultiHeadAttentionOptions {
  numHeads: number
  /** bool [B, Tk], true for keys to **ignore**, or float, which is added. @default none */
  keyPaddingMask?: TensorLike | null
  /** [Tq, Tk] or [B numHeads, Tq, Tk]: bool, true where a query may **not** attend, or float, which is added. @default none */
  attnMask?: TensorLike | null
  /** Queries attend to no later keys; query i and key i stand at the same place. @default false */
  isCausal?: boolean
  /** Whether to give the weights as well, which must be whole then. @default true */
  needWeights?: boolean
  /** Probability with which a weight is dropped; needs `seed`. @default 0 */
  dropoutP?: number
  /** Random key of what is dropped, or its seed. */
  seed?: RandomKey | number
}

/** What {@link multiHeadAttentionForward} gives. */
export interface MultiHeadAttentionOutput {
  /** [B, Tq, E] */
  output: Tensor
  /** [B, Tq, Tk], the mean over heads, or null. */
  attnWeights: Tensor | null
}

const text = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/**
 * Attention of several heads between projections, with the masks of PyTorch: true means ignore, the opposite of
 * {@link scaledDotProductAttention}.
 * @param query float [B, Tq, E]
 * @param key [B, Tk, E]
 * @param value [B, Tk, E]
 * @param inProjWeight [3 E, E]: rows of queries, keys and values
 * @param inProjBias [3 E], or null
 * @param outProjWeight [E, E]
 * @param outProjBias [E], or null
 * @throws {SurprisalError} `argument` unless numHeads divides E, `shape` where shapes do not fit
 * @see Vaswani et al., "Attention Is All You Need", 2017
 */
export function multiHeadAttentionForward(
  query: TensorLike,
  key: TensorLike,
  value: TensorLike,
  inProjWeight: TensorLike,
  inProjBias: TensorLike | null,
  outProjWeight: TensorLike,
  outProjBias: TensorLike | null,
  options: MultiHeadAttentionOptions,
): MultiHeadAttentionOutput {
  const op = 'multiHeadAttentionForward'
  const given = positional<MultiHeadAttentionOptions>(
    op,
    [query, key, value, inProjWeight, inProjBias, outProjWeight, outProjBias, options],
    ['query', 'key', 'value', 'inProjWeight', 'inProjBias', 'outProjWeight', 'outProjBias'],
  )
  const { numHeads = Number.NaN, isCausal = false, needWeights = true, dropoutP = 0, seed } = given.options
  requireWhole(op, 'numHeads', numHeads, 1)
  const inputs = Object.entries({ query, key, value }).map(([name, x]) => {
    requireTensor(op, name, x)
    if (x.shape.length !== 3)
      throw new SurprisalError('shape', `${op}: ${name} must be [batch, length, size], got ${text(x.shape)}`)
    return tensorOf(x)
  })
  const [batch, queries, width] = inputs[0].shape
  const keys = inputs[1].shape[1]
  requireDivisor(op, 'numHeads', numHeads, 'embedDim', width)
  if (inProjWeight.shape.join() !== [3 * width, width].join())
    throw new SurprisalError(
      'shape',
      `${op}: inProjWeight must be [${3 * width}, ${width}], got ${text(inProjWeight.shape)}`,
    )
  const [weight, bias] = [tensorOf(inProjWeight), inProjBias && tensorOf(inProjBias)]
  const [q, k, v] = inputs.map((x, i) => {
    const rows = (all: Tensor): Tensor => all.narrow(0, i * width, width)
    const projected = linear(x, rows(weight), bias && rows(bias))
    return projected.reshape([batch, -1, numHeads, width / numHeads]).permute([0, 2, 1, 3])
  })
  const attnMask = joinedMask(op, given.options, [batch, numHeads, queries, keys])
  const scores = { attnMask, isCausal, causalAlignment: 'top-left' } as const
  const drop = { ...(seed !== undefined && { key: seed }), training: true }
  let mixed: Tensor
  let attnWeights: Tensor | null = null
  if (needWeights) {
    const raw = matmul(q, k.transpose(2, 3)).mul(1 / Math.sqrt(width / numHeads))
    const weights = dropout(softmaxOrZeros(maskedScores(raw, scores)), dropoutP, drop)
    mixed = matmul(weights, v)
    attnWeights = weights.mean({ dim: 1 })
  } else mixed = scaledDotProductAttention(q, k, v, { ...scores, dropoutP, ...(seed !== undefined && { seed }) })
  const output = linear(mixed.permute([0, 2, 1, 3]).reshape([batch, queries, width]), outProjWeight, outProjBias)
  return { output, attnWeights }
}

/** Both masks in the sense of {@link scaledDotProductAttention}. */
function joinedMask(
  op: string,
  { attnMask, keyPaddingMask }: Partial<MultiHeadAttentionOptions>,
  [batch, heads, queries, keys]: readonly [number, number, number, number],
): Tensor | null {
  const allowed = (mask: Tensor): Tensor => (mask.dtype === 'bool' ? logicalNot(mask) : mask)
  let own: Tensor | null = null
  if (attnMask) {
    const mask = tensorOf(attnMask)
    const isWhole = mask.shape.join() === [batch * heads, queries, keys].join()
    if (!isWhole && mask.shape.join() !== [queries, keys].join())
      throw new SurprisalError(
        'shape',
        `${op}: attnMask must be [${queries}, ${keys}] or [${batch * heads}, ${queries}, ${keys}], got ${text(mask.shape)}`,
      )
    own = allowed(isWhole ? mask.reshape([batch, heads, queries, keys]) : mask)
  }
  if (!keyPaddingMask) return own
  if (keyPaddingMask.shape.join() !== [batch, keys].join())
    throw new SurprisalError(
      'shape',
      `${op}: keyPaddingMask must be [${batch}, ${keys}], got ${text(keyPaddingMask.shape)}`,
    )
  const padding = allowed(tensorOf(keyPaddingMask)).reshape([batch, 1, 1, keys])
  if (!own) return padding
  if (own.dtype === 'bool' && padding.dtype === 'bool') return own.logicalAnd(padding)
  const asFloat = (mask: Tensor): Tensor => (mask.dtype === 'bool' ? mask.where(0, Number.NEGATIVE_INFINITY) : mask)
  return asFloat(own).add(asFloat(padding))
}

/** Options of {@link MultiheadAttention}. */
export interface MultiheadAttentionModuleOptions {
  /** Key of the initial weights, or its seed. */
  key: RandomKey | number
  /** Whether projections have biases, 0 at first. @default true */
  bias?: boolean
  /** Probability with which a weight is dropped while training. @default 0 */
  dropout?: number
}

/** A projection by [out, in] with a bias or none. */
class OutProjection extends Module {
  weight: Parameter
  bias: Parameter | null

  constructor(size: number, key: RandomKey, bias: boolean) {
    super()
    const bound = 1 / Math.sqrt(size)
    this.weight = new Parameter(uniform(key, [size, size], { min: -bound, max: bound }))
    this.bias = bias ? new Parameter(zeros([size])) : null
  }

  override forward(x: TensorLike): Tensor {
    return linear(x, this.weight, this.bias)
  }
}

/** {@link multiHeadAttentionForward} with learned projections, named as in PyTorch; batch first. */
export class MultiheadAttention extends Module {
  /** [3 embedDim, embedDim] */
  inProjWeight: Parameter
  /** [3 embedDim], or null */
  inProjBias: Parameter | null
  outProj: OutProjection
  readonly #numHeads: number
  readonly #dropout: number

  /** @throws {SurprisalError} `argument` unless numHeads divides embedDim */
  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionModuleOptions) {
    super()
    const { key, bias = true, dropout: dropoutP = 0 } = options
    requireWhole('MultiheadAttention', 'embedDim', embedDim, 1)
    requireWhole('MultiheadAttention', 'numHeads', numHeads, 1)
    requireDivisor('MultiheadAttention', 'numHeads', numHeads, 'embedDim', embedDim)
    const [inKey, outKey] = splitKey(key)
    this.inProjWeight = new Parameter(xavierUniform(inKey, [3 * embedDim, embedDim]))
    this.inProjBias = bias ? new Parameter(zeros([3 * embedDim])) : null
    this.outProj = new OutProjection(embedDim, outKey, bias)
    this.#numHeads = numHeads
    this.#dropout = dropoutP
  }

  /** @param options masks as for {@link multiHeadAttentionForward}; `seed` is needed while training with dropout */
  override forward(
    query: TensorLike,
    key: TensorLike,
    value: TensorLike,
    options: Omit<MultiHeadAttentionOptions, 'numHeads' | 'dropoutP'> = {},
  ): MultiHeadAttentionOutput {
    const { inProjWeight, inProjBias, outProj } = this
    return multiHeadAttentionForward(query, key, value, inProjWeight, inProjBias, outProj.weight, outProj.bias, {
      ...options,
      numHeads: this.#numHeads,
      dropoutP: this.training ? this.#dropout : 0,
    })
  }
}
