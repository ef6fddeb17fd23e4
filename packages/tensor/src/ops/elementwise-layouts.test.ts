import { describe, expect, it } from 'vitest'
import { type Tensor, transpose } from '../index.ts'
import { expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { hardsigmoid, hardswish, logSigmoid, mish, sigmoid, silu, softplus, softsign } from './activations.ts'
import { abs, add, div, mul, neg, reciprocal, sign, square, sub } from './arithmetic.ts'
import { cast } from './cast.ts'
import { equal, greater, greaterEqual, less, lessEqual, notEqual } from './comparison.ts'
import { floorDivide, fmod, remainder } from './division.ts'
import { exp, exp2, expm1, log, log1p, log2, log10, logaddexp, xlogy } from './exponential.ts'
import { celu, elu, selu } from './exponential-units.ts'
import { fmax, fmin, maximum, minimum } from './extremes.ts'
import { gelu } from './gelu.ts'
import { isfinite, isinf, isnan, logicalAnd, logicalNot, logicalOr, logicalXor } from './logical.ts'
import { hypot, pow, rsqrt, sqrt } from './powers.ts'
import { hardtanh, leakyRelu, relu, relu6 } from './rectifiers.ts'
import { ceil, clamp, floor, frac, nanToNum, round, trunc } from './rounding.ts'
import { erf, erfc } from './special.ts'
import { acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, sin, sinh, tan, tanh } from './trigonometric.ts'

type Unary = (x: Tensor) => Tensor
type Binary = (a: Tensor, b: Tensor) => Tensor

const unary: Record<string, Unary> = {
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atanh,
  ceil,
  celu,
  clamp,
  cos,
  cosh,
  elu,
  erf,
  erfc,
  exp,
  exp2,
  expm1,
  floor,
  frac,
  gelu,
  hardsigmoid,
  hardswish,
  hardtanh,
  isfinite,
  isinf,
  isnan,
  leakyRelu,
  log,
  log10,
  log1p,
  log2,
  logSigmoid,
  logicalNot,
  mish,
  nanToNum,
  neg,
  reciprocal,
  relu,
  relu6,
  round,
  rsqrt,
  selu,
  sigmoid,
  sign,
  silu,
  sin,
  sinh,
  softplus,
  softsign,
  sqrt,
  square,
  tan,
  tanh,
  trunc,
}
const binary: Record<string, Binary> = {
  add,
  atan2,
  div,
  equal,
  floorDivide,
  fmax,
  fmin,
  fmod,
  greater,
  greaterEqual,
  hypot,
  less,
  lessEqual,
  logaddexp,
  logicalAnd,
  logicalOr,
  logicalXor,
  maximum,
  minimum,
  mul,
  notEqual,
  pow,
  remainder,
  sub,
  xlogy,
}

/** Numbers around 0 that no two calls share. */
const wave = (n: number, phase: number): number[] =>
  Array.from({ length: n }, (_, i) => Math.fround(Math.sin(i * 1.7 + phase) * 2.5))

const single = (f: Unary, value: number): number => numbers(f(float([value])))[0]

describe.each(Object.entries(unary))('%s', (_name, f) => {
  it('does not depend on the position of an element, for sizes 0 to 17', () => {
    for (let n = 0; n <= 17; n++) {
      const data = wave(n, n)
      expect(numbers(f(float(data)))).toEqual(data.map(value => single(f, value)))
    }
  })

  it('reads a transposed view', () => {
    const x = float(wave(15, 1), [3, 5])
    const dense = float(numbers(transpose(x, 0, 1)), [5, 3])
    const out = f(transpose(x, 0, 1))
    expectTensor(out, out.dtype, [5, 3], numbers(f(dense)))
  })

  it('rounds a float16 result once', () => {
    const data = numbers(tensorOf('float16', wave(9, 2)))
    const [half, full] = [f(tensorOf('float16', data)), f(float(data))]
    const rounded = full.dtype === 'float32' ? cast(full, 'float16') : full
    expectTensor(half, rounded.dtype, [9], numbers(rounded))
  })
})

describe.each(Object.entries(binary))('%s', (_name, f) => {
  it('does not depend on the position of an element, for sizes 0 to 17', () => {
    for (let n = 0; n <= 17; n++) {
      const [a, b] = [wave(n, n), wave(n, -n - 1)]
      const expected = a.map((value, i) => numbers(f(float([value]), float([b[i]])))[0])
      expect(numbers(f(float(a), float(b)))).toEqual(expected)
    }
  })

  it('reads broadcast and transposed operands', () => {
    const [a, b] = [float(wave(6, 3), [2, 3]), float(wave(3, 4), [3, 1])]
    const out = f(transpose(a, 0, 1), b)
    const [left, right] = [numbers(transpose(a, 0, 1)), numbers(b)]
    const expected = left.map((value, i) => numbers(f(float([value]), float([right[i >> 1]])))[0])
    expectTensor(out, out.dtype, [3, 2], expected)
  })

  it('rounds a float16 result once', () => {
    const [a, b] = [numbers(tensorOf('float16', wave(9, 5))), numbers(tensorOf('float16', wave(9, 6)))]
    const [half, full] = [f(tensorOf('float16', a), tensorOf('float16', b)), f(float(a), float(b))]
    const rounded = full.dtype === 'float32' ? cast(full, 'float16') : full
    expectTensor(half, rounded.dtype, [9], numbers(rounded))
  })
})
