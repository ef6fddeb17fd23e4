import { isFloat } from '../dtype.ts'
import type { UnaryName } from '../graph/node.ts'
import { asTensor } from '../operand.ts'
import { binary, constant, inFloat32, sameValue, select, unary } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { expectNumeric, numberOption, optionsOf } from './internal/checks.ts'
import { clampBetween } from './internal/clamp.ts'

function rounded(f: UnaryName, x: TensorLike): Tensor {
  const y = asTensor(f, 'x', x)
  return isFloat(y.dtype) ? unary(f, f, y) : sameValue(f, y)
}

/**
 * The greatest integer not above x; integers and bools are returned unchanged. Derivative 0.
 *
 * @param x any shape
 */
export function floor(x: TensorLike): Tensor {
  return rounded('floor', x)
}

/**
 * The least integer not below x; integers and bools are returned unchanged. Derivative 0.
 *
 * @param x any shape
 */
export function ceil(x: TensorLike): Tensor {
  return rounded('ceil', x)
}

/**
 * The nearest integer, halves to even; integers and bools are returned unchanged. Derivative 0.
 *
 * @param x any shape
 */
export function round(x: TensorLike): Tensor {
  return rounded('round', x)
}

/**
 * The integer part, toward zero; integers and bools are returned unchanged. Derivative 0.
 *
 * @param x any shape
 */
export function trunc(x: TensorLike): Tensor {
  return rounded('trunc', x)
}

/**
 * The fractional part `x - trunc(x)`, with x's sign; 0 of integers. Derivative 1.
 *
 * @param x any shape
 * @throws {SurprisalError} `dtype` for bool
 */
export function frac(x: TensorLike): Tensor {
  const y = expectNumeric('frac', asTensor('frac', 'x', x))
  return inFloat32('frac', y, z => binary('frac', 'sub', z, isFloat(z.dtype) ? unary('frac', 'trunc', z) : z))
}

/** Bounds of {@link clamp}; each may be left out. */
export interface ClampOptions {
  min?: number
  max?: number
}

/**
 * `x` held between two bounds, `min(max(x, options.min), options.max)`. NaN stays NaN. The gradient passes where
 * `min <= x <= max`, and is 0 elsewhere and at NaN.
 *
 * @param x any shape; a fractional bound makes integers float32
 * @param options `min` and `max`, both optional
 * @throws {SurprisalError} `dtype` for a bound that does not fit an integer dtype
 */
export function clamp(x: TensorLike, options?: ClampOptions): Tensor {
  const { min, max } = optionsOf('clamp', options)
  const y = asTensor('clamp', 'x', x)
  if (min !== undefined) numberOption('clamp', 'min', min, 0)
  if (max !== undefined) numberOption('clamp', 'max', max, 0)
  return clampBetween('clamp', y, min, max)
}

/** Replacements of {@link nanToNum}. */
export interface NanToNumOptions {
  /** For NaN; default 0. */
  nan?: number
  /** For +Infinity; default the largest finite value of the dtype. */
  posinf?: number
  /** For -Infinity; default the lowest finite value of the dtype. */
  neginf?: number
}

const largest = { float32: 3.4028234663852886e38, float16: 65504 }

/**
 * `x` with NaN and the infinities replaced by finite numbers; integers and bools are returned unchanged.
 * No gradient passes where a value was replaced.
 *
 * @param x any shape
 * @param options `nan` (0), `posinf` and `neginf` (the ends of the dtype's finite range)
 */
export function nanToNum(x: TensorLike, options?: NanToNumOptions): Tensor {
  const op = 'nanToNum'
  const { nan, posinf, neginf } = optionsOf(op, options)
  const y = asTensor(op, 'x', x)
  if (!isFloat(y.dtype)) return sameValue(op, y)
  const end = largest[y.dtype as keyof typeof largest]
  const replacements = [
    [Number.POSITIVE_INFINITY, numberOption(op, 'posinf', posinf, end)],
    [Number.NEGATIVE_INFINITY, numberOption(op, 'neginf', neginf, -end)],
  ]
  return inFloat32(op, y, z => {
    const number = (value: number) => constant(op, value, z.dtype)
    let out = select(op, unary(op, 'isnan', z), number(numberOption(op, 'nan', nan, 0)), z)
    for (const [infinity, value] of replacements)
      out = select(op, binary(op, 'equal', z, number(infinity)), number(value), out)
    return out
  })
}
