import {
  cat,
  checkpoint,
  exp,
  full,
  Module,
  matmul,
  maximum,
  pad,
  type RandomKey,
  SurprisalError,
  splitKey,
  stopGradient,
  type Tensor,
  type TensorLike,
  tensor,
} from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireOneOf, requireWhole } from '../_shared/require.ts'
import { Linear } from '../layers/linear.ts'
import { scaledDotProductAttention } from '../layers/scaled-dot-product-attention.ts'
import { type DrawOptions, drawnDistances, drawnPairs, participationOf } from './block-participation.ts'

/** Options of {@link prFlashAttention}. */
export interface PrFlashOptions extends DrawOptions {
  /** Tokens of a block. @default 64 */
  blockSize?: number
  /** Weigh blocks by 1 / probability, so that numerator and denominator are unbiased. @default false */
  importance?: boolean
  /** Attend to no later keys. @default true */
  causal?: boolean
  /** @default 1 / sqrt(D) */
  scale?: number
}

/** Parts of attention that can be pooled over draws: add numerators and denominators of one `rowMax`, then divide. */
export interface PrFlashStats {
  /** [B, H, N, Dv], sum of exp(score - rowMax) v */
  numerator: Tensor
  /** [B, H, N], sum of exp(score - rowMax) */
  denominator: Tensor
  /** [B, H, N] */
  rowMax: Tensor
}

/**
 * Attention in which a random part of the blocks takes part, near ones almost surely and far ones with a probability
 * that falls with their distance. With one draw for each distance, every distance that takes part is one batched
 * product of blocks: N x N scores are never made, and causal order needs a mask on the diagonal only. The backward pass
 * computes scores again, of the same draw.
 *
 * @param q [B, H, N, D]
 * @param k [B, H, N, D]
 * @param v [B, H, N, Dv]
 * @returns [B, H, N, Dv]
 * @throws {SurprisalError} `argument` for sizes, uniforms or probabilities out of their range, `shape` for shapes that
 * do not fit
 * @see "The Nature of Mathematical Modeling and Probabilistic Optimization Engineering in Generative AI", 2024; Dao et
 * al., "FlashAttention", 2022
 */
export function prFlashAttention(q: Tensor, k: Tensor, v: Tensor, options: PrFlashOptions = {}): Tensor {
  const { numerator, denominator } = statsOf('prFlashAttention', q, k, v, options)
  return numerator.div(denominator.unsqueeze(-1))
}

/**
 * Numerator and denominator of {@link prFlashAttention} before they are divided: the estimates of several draws can be
 * pooled, and with `importance` they come to exact attention.
 */
export function prFlashStats(q: Tensor, k: Tensor, v: Tensor, options: PrFlashOptions = {}): PrFlashStats {
  return statsOf('prFlashStats', q, k, v, options)
}

/** Scores of some queries with some keys. */
interface Piece {
  /** Block of the first query and of the first key. */
  readonly from: readonly [number, number]
  /** Number of blocks of both. */
  readonly count: number
  /** Added to the scores: [count or 1, blockSize, blockSize], or null. */
  readonly bias: Tensor | null
}

function statsOf(op: string, q: Tensor, k: Tensor, v: Tensor, options: PrFlashOptions): PrFlashStats {
  const { blockSize = 64, share = 'distance', causal = true, importance = false } = options
  requireShapes(op, q, k, v, blockSize)
  requireOneOf(op, 'share', share, ['distance', 'block'])
  const [batch, heads, length, size] = q.shape
  const { scale = 1 / Math.sqrt(size) } = options
  const numBlocks = Math.ceil(length / blockSize)
  const probabilities = participationOf(op, numBlocks, options)
  const pieces = piecesOf(op, probabilities, length, { ...options, blockSize, share, causal, importance })
  const blocks = (x: Tensor): Tensor =>
    pad(x, [0, 0, 0, numBlocks * blockSize - length]).reshape([batch, heads, numBlocks, blockSize, x.shape[3]])
  const [qs, ks, vs] = [blocks(q.mul(scale)), blocks(k), blocks(v)]
  // A column of ones makes the product give the sums of the weights as well.
  const withOnes = cat([vs, full([batch, heads, numBlocks, blockSize, 1], 1)], { dim: 4 })
  const scores = ({ from, count, bias }: Piece): Tensor => {
    const raw = matmul(qs.narrow(2, from[0], count), ks.narrow(2, from[1], count).transpose(-2, -1))
    return bias ? raw.add(bias) : raw
  }
  const spread = (x: Tensor, { from, count }: Piece, value: number): Tensor =>
    pad(x, [...new Array(2 * (x.shape.length - 3)).fill(0), from[0], numBlocks - from[0] - count], { value })
  const largest = pieces.map(piece =>
    spread(stopGradient(scores(piece).max({ dim: -1 })), piece, Number.NEGATIVE_INFINITY),
  )
  const rowMax = stopGradient(largest.reduce((a, b) => maximum(a, b)))
  const sums = pieces.map(piece =>
    spread(
      checkpoint(() => {
        const shifted = scores(piece).sub(rowMax.narrow(2, piece.from[0], piece.count).unsqueeze(-1))
        return matmul(exp(shifted), withOnes.narrow(2, piece.from[1], piece.count))
      })(),
      piece,
      0,
    ),
  )
  const total = sums.reduce((a, b) => a.add(b)).reshape([batch, heads, numBlocks * blockSize, v.shape[3] + 1])
  const rows = total.narrow(2, 0, length)
  return {
    numerator: rows.narrow(3, 0, v.shape[3]),
    denominator: rows.select(3, v.shape[3]),
    rowMax: rowMax.reshape([batch, heads, numBlocks * blockSize]).narrow(2, 0, length),
  }
}

type PieceOptions = PrFlashOptions & Required<Pick<PrFlashOptions, 'blockSize' | 'share' | 'causal' | 'importance'>>

/** The products to take: one for each distance that takes part, without causal order two. */
function piecesOf(op: string, probabilities: readonly number[], length: number, options: PieceOptions): Piece[] {
  const { blockSize, share, causal, importance } = options
  const n = probabilities.length
  const pairs = share === 'block' ? drawnPairs(op, probabilities, options) : null
  const distances = pairs ? probabilities.map((_, distance) => distance) : drawnDistances(op, probabilities, options)
  return distances.flatMap(distance => {
    const count = n - distance
    const places: (readonly [number, number])[] = [[distance, 0]]
    if (!causal && distance > 0) places.push([0, distance])
    return places.flatMap((from): Piece[] => {
      const drawn = pairs && Array.from({ length: count }, (_, i) => pairs[(from[0] + i) * n + from[1] + i] === 1)
      if (drawn && !drawn.includes(true)) return []
      const terms = [
        ...(importance && distance > 0 ? [tensor([[[-Math.log(probabilities[distance])]]])] : []),
        ...(drawn?.includes(false) ? [maskOf(drawn).reshape([count, 1, 1])] : []),
        ...(from[1] + count === n && n * blockSize > length
          ? [paddingOf(count, blockSize, n * blockSize - length)]
          : []),
        ...(causal && distance === 0 ? [triangle(blockSize)] : []),
      ]
      return [{ from, count, bias: terms.length > 0 ? terms.reduce((a, b) => a.add(b)) : null }]
    })
  })
}

/** 0 where something takes part and -Infinity where not. */
const maskOf = (allowed: readonly boolean[]): Tensor =>
  tensor(Float32Array.from(allowed, may => (may ? 0 : Number.NEGATIVE_INFINITY)))

/** Bars the keys that only fill the last block: [count, 1, blockSize]. */
const paddingOf = (count: number, blockSize: number, missing: number): Tensor =>
  maskOf(Array.from({ length: count * blockSize }, (_, i) => i < count * blockSize - missing)).reshape([
    count,
    1,
    blockSize,
  ])

/** Bars later keys of a block: [1, blockSize, blockSize]. */
const triangle = (blockSize: number): Tensor =>
  maskOf(Array.from({ length: blockSize ** 2 }, (_, i) => i % blockSize <= Math.floor(i / blockSize))).reshape([
    1,
    blockSize,
    blockSize,
  ])

function requireShapes(op: string, q: Tensor, k: Tensor, v: Tensor, blockSize: number): void {
  const text = (x: Tensor): string => `[${x.shape.join(', ')}]`
  for (const [name, x] of Object.entries({ q, k, v })) {
    requireTensor(op, name, x)
    if (x.shape.length !== 4)
      throw new SurprisalError('shape', `${op}: ${name} must be [batch, heads, length, size], got ${text(x)}`)
  }
  requireWhole(op, 'blockSize', blockSize, 1)
  if (k.shape.join() !== q.shape.join() || v.shape.slice(0, 3).join() !== q.shape.slice(0, 3).join())
    throw new SurprisalError(
      'shape',
      `${op}: k and v must have the length and heads of q ${text(q)}, got ${text(k)} and ${text(v)}`,
    )
}

/** Options of {@link PrFlashAttention}. */
export interface PrFlashModuleOptions extends Omit<PrFlashOptions, 'uniforms' | 'key' | 'scale'> {
  embedDim: number
  numHeads: number
  /** In evaluation: all blocks, the near ones of the expected number, or a draw as in training. @default 'exact' */
  evalMode?: 'exact' | 'expected-top' | 'sample'
  /** Key of the initial weights, or its seed. */
  key: RandomKey | number
}

/** Self-attention by {@link prFlashAttention}, with projections; a new draw for each key. */
export class PrFlashAttention extends Module {
  inProj: Linear
  outProj: Linear
  readonly #options: PrFlashModuleOptions

  /** @throws {SurprisalError} `argument` for an unknown evalMode, or numHeads that do not divide embedDim */
  constructor(options: PrFlashModuleOptions) {
    super()
    const op = 'PrFlashAttention'
    const { embedDim, numHeads, evalMode = 'exact', key } = options
    requireWhole(op, 'embedDim', embedDim, 1)
    requireWhole(op, 'numHeads', numHeads, 1)
    requireOneOf(op, 'evalMode', evalMode, ['exact', 'expected-top', 'sample'])
    if (embedDim % numHeads !== 0)
      throw new SurprisalError('argument', `${op}: numHeads must divide embedDim, got ${embedDim} and ${numHeads}`)
    participationOf(op, 1, options)
    const [inKey, outKey] = splitKey(key)
    this.inProj = new Linear(embedDim, 3 * embedDim, { key: inKey })
    this.outProj = new Linear(embedDim, embedDim, { key: outKey })
    this.#options = options
  }

  /**
   * @param x [B, N, embedDim]
   * @param options `key` of the draw: needed in training, and to sample in evaluation
   * @returns [B, N, embedDim]
   * @throws {SurprisalError} `argument` without a key where one is needed
   */
  override forward(x: TensorLike, { key }: { key?: RandomKey | number } = {}): Tensor {
    const { numHeads, embedDim, evalMode = 'exact', key: _, ...options } = this.#options
    const [batch, length] = x.shape
    const [q, k, v] = this.inProj
      .forward(x)
      .reshape([batch, length, 3, numHeads, embedDim / numHeads])
      .permute([2, 0, 3, 1, 4])
      .unbind()
    const mode = this.training ? 'sample' : evalMode
    const { blockSize = 64, causal = true } = options
    const mixed =
      mode === 'exact'
        ? scaledDotProductAttention(q, k, v, { isCausal: causal })
        : prFlashAttention(q, k, v, {
            ...options,
            ...(mode === 'sample'
              ? { key }
              : { share: 'distance', uniforms: nearest(Math.ceil(length / blockSize), options) }),
          })
    return this.outProj.forward(mixed.transpose(1, 2).reshape([batch, length, embedDim]))
  }
}

/** Uniforms that choose the near distances, as many as are expected of a draw. */
function nearest(numBlocks: number, options: DrawOptions): number[] {
  const probabilities = participationOf('PrFlashAttention', numBlocks, options)
  const expected = Math.ceil(probabilities.reduce((a, b) => a + b, 0) - 1e-9)
  return probabilities.map((_, distance) => (distance < expected ? 0 : 1))
}
