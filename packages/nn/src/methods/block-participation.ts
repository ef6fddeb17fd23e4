import { type RandomKey, SurprisalError, type Tensor, tensor } from '@surprisal/tensor'
import { requireOneOf, requirePositive, requireWhole } from '../_shared/require.ts'
import { HostRandom } from './host-random.ts'

/** How likely blocks of keys take part by their distance. */
export interface ParticipationOptions {
  /** With e the distance beyond the local blocks: 1/(e+2), parameter^(e+1) or (e+2)^-parameter. @default 'harmonic' */
  distribution?: 'harmonic' | 'geometric' | 'power'
  /** Distances that always take part; the diagonal is the first. @default 1 */
  localBlocks?: number
  /** @default 0.5 for geometric, 1 for power */
  parameter?: number
}

/** Which blocks take part: by what is drawn for each distance, or for each pair of blocks. */
export interface DrawOptions extends ParticipationOptions {
  /** @default 'distance' */
  share?: 'distance' | 'block'
  /** Numbers in [0, 1) to draw by: one for each distance, or rows of one for each pair (query block first). */
  uniforms?: readonly number[] | readonly (readonly number[])[]
  /** Random key of the draw, or its seed; needed without `uniforms`. */
  key?: RandomKey | number
}

/** The probability of every distance 0 ... numBlocks-1 as numbers. */
export function participationOf(op: string, numBlocks: number, options: ParticipationOptions): number[] {
  const { distribution = 'harmonic', localBlocks = 1 } = options
  const { parameter = distribution === 'geometric' ? 0.5 : 1 } = options
  requireWhole(op, 'numBlocks', numBlocks, 1)
  requireOneOf(op, 'distribution', distribution, ['harmonic', 'geometric', 'power'])
  if (!Number.isInteger(localBlocks) || localBlocks < 1)
    throw new SurprisalError(
      'argument',
      `${op}: localBlocks must be at least 1 (the diagonal block must always take part), got ${localBlocks}`,
    )
  if (distribution === 'geometric' && !(parameter > 0 && parameter <= 1))
    throw new SurprisalError('argument', `${op}: parameter must be in (0, 1] for geometric, got ${parameter}`)
  if (distribution === 'power') requirePositive(op, 'parameter', parameter)
  return Array.from({ length: numBlocks }, (_, distance) => {
    const beyond = distance - localBlocks
    if (beyond < 0) return 1
    if (distribution === 'harmonic') return 1 / (beyond + 2)
    return distribution === 'geometric' ? parameter ** (beyond + 1) : (beyond + 2) ** -parameter
  })
}

/**
 * Probability with which a block of keys takes part in attention, by its distance in blocks: 1 for local blocks, then
 * falling.
 * @returns float32 [numBlocks]
 * @throws {SurprisalError} `argument` for a localBlocks below 1, an unknown distribution or a parameter out of its range
 */
export function blockParticipation(numBlocks: number, options: ParticipationOptions = {}): Tensor {
  return tensor(Float32Array.from(participationOf('blockParticipation', numBlocks, options)))
}

/** Options of {@link prFlashCost}. */
export interface PrFlashCostOptions extends ParticipationOptions {
  /** Tokens. */
  length: number
  /** @default 64 */
  blockSize?: number
  /** @default true */
  causal?: boolean
}

/** Products of two blocks that attention is expected to take, and those that exact attention takes. */
export function prFlashCost(options: PrFlashCostOptions): { expected: number; exact: number } {
  const { length, blockSize = 64, causal = true } = options
  requireWhole('prFlashCost', 'length', length, 1)
  requireWhole('prFlashCost', 'blockSize', blockSize, 1)
  const numBlocks = Math.ceil(length / blockSize)
  const pairs = participationOf('prFlashCost', numBlocks, options).map((probability, distance) => {
    const count = (numBlocks - distance) * (causal || distance === 0 ? 1 : 2)
    return { count, expected: probability * count }
  })
  return {
    expected: pairs.reduce((sum, { expected }) => sum + expected, 0),
    exact: pairs.reduce((sum, { count }) => sum + count, 0),
  }
}

/**
 * The distances that take part in this draw, ascending; null where pairs of blocks are drawn one by one.
 * @throws {SurprisalError} `argument` for uniforms of another number, or neither uniforms nor key
 */
export function drawnDistances(op: string, probabilities: readonly number[], options: DrawOptions): number[] {
  const [row] = uniformsOf(op, 1, probabilities.length, options)
  return probabilities.flatMap((probability, distance) => (row[distance] < probability ? [distance] : []))
}

/** Whether a pair of blocks takes part: rows of query blocks, 1 or 0 for each block of keys. */
export function drawnPairs(op: string, probabilities: readonly number[], options: DrawOptions): Uint8Array {
  const n = probabilities.length
  const rows = uniformsOf(op, n, n, options)
  return Uint8Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return rows[i][j] < probabilities[Math.abs(i - j)] ? 1 : 0
  })
}

function uniformsOf(op: string, rows: number, columns: number, { uniforms, key, share }: DrawOptions): number[][] {
  const isRows = share === 'block'
  if (uniforms === undefined) {
    if (key === undefined) throw new SurprisalError('argument', `${op}: options must have uniforms or a key`)
    const random = new HostRandom(key)
    return Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.uniform()))
  }
  const given = (isRows ? uniforms : [uniforms]) as readonly (readonly number[])[]
  const isFitting =
    given.length === rows &&
    given.every(row => Array.isArray(row) && row.length === columns && row.every(u => u >= 0 && u <= 1))
  if (!isFitting)
    throw new SurprisalError(
      'argument',
      `${op}: uniforms must be ${isRows ? `${rows} rows of ` : ''}${columns} numbers in [0, 1], got ${uniforms.length}`,
    )
  return given.map(row => [...row])
}
