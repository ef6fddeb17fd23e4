import {
  arange,
  hostData,
  isTensor,
  less,
  maximum,
  mul,
  Parameter,
  reciprocal,
  SurprisalError,
  type Tensor,
  type TensorLike,
  take,
  tensor,
  where,
} from '@surprisal/tensor'
import { describe } from '../_shared/positional.ts'
import { requireOneOf, requireWhole } from '../_shared/require.ts'
import { alibiSlopes } from '../layers/alibi-slopes.ts'

/** Slope of each head: those of ALiBi, 1/(h+1), a list of numbers, or a tensor [H]. */
export type HarmonicSlopes = 'geometric' | 'harmonic' | readonly number[] | TensorLike

/** Options of {@link harmonicAlibiBias}. */
export interface HarmonicBiasOptions {
  /** @default 'harmonic' */
  slopes?: HarmonicSlopes
  /** What a distance counts as: its harmonic number, or itself as in ALiBi. @default 'harmonic' */
  distance?: 'harmonic' | 'linear'
  /** -Infinity for later keys; without, they count as distance 0. @default true */
  causal?: boolean
}

let table = Float64Array.of(0)

/** The harmonic numbers H(0) = 0 ... H(count-1), kept for the longest so far. */
export function harmonicNumbers(count: number): Float64Array {
  if (count > table.length) {
    const longer = new Float64Array(Math.max(count, 2 * table.length))
    longer.set(table)
    for (let i = table.length; i < longer.length; i++) longer[i] = longer[i - 1] + 1 / i
    table = longer
  }
  return table.subarray(0, count)
}

/**
 * The slopes as a tensor [H].
 * @throws {SurprisalError} `argument` for a list or tensor of another length, or with negative numbers
 */
export function slopesOf(where: string, numHeads: number, slopes: HarmonicSlopes): Tensor {
  if (slopes === 'geometric') return alibiSlopes(numHeads)
  if (slopes === 'harmonic') return reciprocal(arange(numHeads).add(1))
  if (typeof slopes === 'string') requireOneOf(where, 'slopes', slopes, ['geometric', 'harmonic'])
  if (!Array.isArray(slopes) && !isTensor(slopes) && !(slopes instanceof Parameter))
    throw new SurprisalError('argument', `${where}: slopes must be a name, a list or a tensor, got ${describe(slopes)}`)
  const given = Array.isArray(slopes) ? tensor(slopes as readonly number[]) : mul(slopes as TensorLike, 1)
  if (given.shape.join() !== String(numHeads))
    throw new SurprisalError(
      'argument',
      `${where}: slopes must be ${numHeads} numbers, got [${given.shape.join(', ')}]`,
    )
  const [negative] = hostData(less(given, 0).any()) ?? []
  if (negative) throw new SurprisalError('argument', `${where}: slopes must not be negative`)
  return given
}

/** g(max(0, distance)), [Tq, Tk]: the distances of the last queries from all keys. */
export function distancesOf(queryLength: number, keyLength: number, distance: 'harmonic' | 'linear'): Tensor {
  const steps = relativePlaces(queryLength, keyLength)
  const ahead = maximum(steps, 0)
  if (distance === 'linear') return ahead.cast('float32')
  return take(tensor(Float32Array.from(harmonicNumbers(Math.max(1, keyLength)))), ahead)
}

/** int32 [Tq, Tk]: place of the query less place of the key, where the last of both stand together. */
export const relativePlaces = (queryLength: number, keyLength: number): Tensor =>
  arange(queryLength, { dtype: 'int32' })
    .unsqueeze(1)
    .add(keyLength - queryLength)
    .sub(arange(keyLength, { dtype: 'int32' }))

/**
 * What attention scores are changed by so that far keys count less: -slope_h * g(distance), where g is the harmonic
 * number of the distance (a power law in the weights) or the distance itself (ALiBi). Queries are the last ones.
 * @returns [numHeads, queryLength, keyLength]
 * @throws {SurprisalError} `argument` for wrong slopes, an unknown distance, or with `causal` more queries than keys
 */
export function harmonicAlibiBias(
  numHeads: number,
  queryLength: number,
  keyLength: number,
  options: HarmonicBiasOptions = {},
): Tensor {
  const op = 'harmonicAlibiBias'
  for (const [name, value] of Object.entries({ numHeads, queryLength, keyLength })) requireWhole(op, name, value, 1)
  return biasOf(op, slopesOf(op, numHeads, options.slopes ?? 'harmonic'), queryLength, keyLength, options)
}

/** {@link harmonicAlibiBias} with the slopes as a tensor. */
export function biasOf(
  op: string,
  slopes: Tensor,
  queryLength: number,
  keyLength: number,
  { distance = 'harmonic', causal = true }: HarmonicBiasOptions,
): Tensor {
  requireOneOf(op, 'distance', distance, ['harmonic', 'linear'])
  requireNotLonger(op, queryLength, keyLength, causal)
  const bias = slopes
    .neg()
    .reshape([-1, 1, 1])
    .mul(distancesOf(queryLength, keyLength, distance))
  return causal ? where(relativePlaces(queryLength, keyLength).less(0), Number.NEGATIVE_INFINITY, bias) : bias
}

/** @throws {SurprisalError} `argument` for more queries than keys where they are the last of them */
export function requireNotLonger(op: string, queryLength: number, keyLength: number, causal: boolean): void {
  if (causal && queryLength > keyLength)
    throw new SurprisalError('argument', `${op}: query length ${queryLength} exceeds key length ${keyLength}`)
}
