import { asTensor } from '../operand.ts'
import { binary, constant, inFloat32, sameValue, select, withRule } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { mul } from './arithmetic.ts'
import { branches } from './internal/branches.ts'
import { numberOption, optionsOf } from './internal/checks.ts'
import { clampBetween } from './internal/clamp.ts'

/**
 * `max(x, 0)`, NaN kept; derivative 0 at 0.
 *
 * @param x any shape; integers keep their dtype, bool is returned unchanged
 */
export function relu(x: TensorLike): Tensor {
  const y = asTensor('relu', 'x', x)
  if (y.dtype === 'bool') return sameValue('relu', y)
  return inFloat32('relu', y, z => {
    const zero = constant('relu', 0, z.dtype)
    const value = select('relu', binary('relu', 'less', z, zero), zero, z)
    return withRule('relu', value, [z], (dy, [input]) => [
      select('relu', binary('relu', 'lessEqual', input, zero), constant('relu', 0, dy.dtype), dy),
    ])
  })
}

/**
 * `min(max(x, 0), 6)`, NaN kept. The gradient passes where 0 <= x <= 6.
 *
 * @param x any shape; integers keep their dtype
 */
export function relu6(x: TensorLike): Tensor {
  return clampBetween('relu6', asTensor('relu6', 'x', x), 0, 6)
}

/** Bounds of {@link hardtanh}. */
export interface HardtanhOptions {
  /** Default -1. */
  min?: number
  /** Default 1. */
  max?: number
}

/**
 * `clamp(x, min, max)` with bounds -1 and 1 by default. The gradient passes between the bounds and at them.
 *
 * @param x any shape; integers keep their dtype where the bounds fit it
 * @param options `min` (-1), `max` (1)
 */
export function hardtanh(x: TensorLike, options?: HardtanhOptions): Tensor {
  const given = optionsOf('hardtanh', options)
  const min = numberOption('hardtanh', 'min', given.min, -1)
  const max = numberOption('hardtanh', 'max', given.max, 1)
  return clampBetween('hardtanh', asTensor('hardtanh', 'x', x), min, max)
}

/** Slope of {@link leakyRelu}. */
export interface LeakyReluOptions {
  /** Factor of numbers below 0; default 0.01. */
  negativeSlope?: number
}

/**
 * `x` above 0, `negativeSlope * x` elsewhere (Maas et al. 2013); derivative `negativeSlope` at 0. Integers give float32.
 *
 * @param x any shape
 * @param options `negativeSlope` (0.01)
 */
export function leakyRelu(x: TensorLike, options?: LeakyReluOptions): Tensor {
  const slope = numberOption('leakyRelu', 'negativeSlope', optionsOf('leakyRelu', options).negativeSlope, 0.01)
  return branches('leakyRelu', x, y => mul(y, slope))
}
