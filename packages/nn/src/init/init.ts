import { normal, type RandomKey, type Tensor, uniform } from '@surprisal/tensor'
import { type InitScaleOptions, initBound, initStd } from './fans.ts'

type ScaleOptions = Omit<InitScaleOptions, 'scheme'>

/** Uniform in +-gain sqrt(6 / (fanIn + fanOut)); float32 of `shape`, at least 2 dims. */
export function xavierUniform(key: RandomKey, shape: readonly number[], options: { gain?: number } = {}): Tensor {
  const bound = initBound(shape, { scheme: 'xavierUniform', ...options })
  return uniform(key, shape, { min: -bound, max: bound })
}

/** Normal with standard deviation gain sqrt(2 / (fanIn + fanOut)). */
export function xavierNormal(key: RandomKey, shape: readonly number[], options: { gain?: number } = {}): Tensor {
  return normal(key, shape, { std: initStd(shape, { scheme: 'xavierNormal', ...options }) })
}

/** Uniform in +-sqrt(3) gain / sqrt(fan). */
export function kaimingUniform(key: RandomKey, shape: readonly number[], options: ScaleOptions = {}): Tensor {
  const bound = initBound(shape, { scheme: 'kaimingUniform', ...options })
  return uniform(key, shape, { min: -bound, max: bound })
}

/** Normal with standard deviation gain / sqrt(fan). */
export function kaimingNormal(key: RandomKey, shape: readonly number[], options: ScaleOptions = {}): Tensor {
  return normal(key, shape, { std: initStd(shape, { scheme: 'kaimingNormal', ...options }) })
}
