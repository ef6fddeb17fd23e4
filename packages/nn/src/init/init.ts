import { normal, type RandomKey, type Tensor, truncatedNormal, uniform } from '@surprisal/tensor'
import { requirePositive } from '../_shared/require.ts'
import { type InitScaleOptions, initBound, initStd } from './fans.ts'

type ScaleOptions = Omit<InitScaleOptions, 'scheme'>

/** Uniform in +-gain sqrt(6 / (fanIn + fanOut)); float32 of `shape`, at least 2 dims. */
export function xavierUniform(
  key: RandomKey | number,
  shape: readonly number[],
  options: { gain?: number } = {},
): Tensor {
  const bound = initBound(shape, { scheme: 'xavierUniform', ...options })
  return uniform(key, shape, { min: -bound, max: bound })
}

/** Normal with standard deviation gain sqrt(2 / (fanIn + fanOut)). */
export function xavierNormal(
  key: RandomKey | number,
  shape: readonly number[],
  options: { gain?: number } = {},
): Tensor {
  return normal(key, shape, { std: initStd(shape, { scheme: 'xavierNormal', ...options }) })
}

/** Uniform in +-sqrt(3) gain / sqrt(fan). */
export function kaimingUniform(key: RandomKey | number, shape: readonly number[], options: ScaleOptions = {}): Tensor {
  const bound = initBound(shape, { scheme: 'kaimingUniform', ...options })
  return uniform(key, shape, { min: -bound, max: bound })
}

/** Normal with standard deviation gain / sqrt(fan). */
export function kaimingNormal(key: RandomKey | number, shape: readonly number[], options: ScaleOptions = {}): Tensor {
  return normal(key, shape, { std: initStd(shape, { scheme: 'kaimingNormal', ...options }) })
}

/** Options of {@link truncNormal}. */
export interface TruncNormalOptions {
  /** Mean before truncation. @default 0 */
  mean?: number
  /** Standard deviation before truncation. @default 1 */
  std?: number
  /** Lowest value. @default -2 */
  a?: number
  /** Highest value. @default 2 */
  b?: number
}

/**
 * Normal numbers between `a` and `b`, which are values and not multiples of std, by the inverse of the distribution.
 * @throws {SurprisalError} `argument` unless std is positive and a < b
 */
export function truncNormal(
  key: RandomKey | number,
  shape: readonly number[],
  { mean = 0, std = 1, a = -2, b = 2 }: TruncNormalOptions = {},
): Tensor {
  requirePositive('truncNormal', 'std', std)
  const low = (a - mean) / std
  const high = (b - mean) / std
  return truncatedNormal(key, shape, { low, high }).mul(std).add(mean).clamp({ min: a, max: b })
}
