import { integerRange } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { asTensor, isOptions } from '../operand.ts'
import { binary, broadcastTo, cast, constant, select, unary } from '../primitive.ts'
import { broadcastShapes, checkShape, type Shape, sameShape, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { got, requireFinite } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { bitsNode, unitFloats, unsignedRemainder } from './internal/random-bits.ts'
import { spread } from './internal/views.ts'
import { keyOf, type RandomKey, splitKey } from './keys.ts'

/*
 * Draws. Each takes a key (or a seed, which is made one) and is a function of it: no state is kept, and the same key
 * gives the same numbers on every device. The generator is Threefry-2x32 with 20 rounds (Salmon et al., 2011).
 */

/** Random 32-bit patterns as int32; element i depends on the key and i alone. */
export const randomBits = (key: RandomKey | number, shape: Shape): Tensor => bitsNode('randomBits', key, shape)

/** Options of {@link uniform}. */
export interface UniformOptions {
  /** Lower end, included. @default 0 */
  min?: number
  /** Upper end, excluded. @default 1 */
  max?: number
}

/** The largest float32 below `x`. */
function floatBelow(x: number): number {
  const float = new Float32Array([x])
  const bits = new Int32Array(float.buffer)
  if (float[0] === 0) return -(2 ** -149)
  bits[0] += x > 0 ? -1 : 1
  return float[0]
}

/**
 * Uniform float32 numbers in `[min, max)`, multiples of 2^-23 of the range.
 * @throws {SurprisalError} `argument` unless min <= max are finite (equal: all are min)
 */
export function uniform(key: RandomKey | number, shape: Shape, options: UniformOptions = {}): Tensor {
  const { min = 0, max = 1 } = optionsOf('uniform', options)
  requireFinite('uniform', 'min', min)
  requireFinite('uniform', 'max', max)
  if (min > max) throw new SurprisalError('argument', `uniform: min must not exceed max, got ${min} and ${max}`)
  const unit = unitFloats('uniform', key, shape)
  if (min === 0 && max === 1) return unit
  const [low, high] = [Math.fround(min), Math.fround(max)]
  if (low === high) return spread('uniform', low, 'float32', shape)
  const number = (value: number): Tensor => constant('uniform', Math.fround(value), 'float32')
  const scaled = binary('uniform', 'add', binary('uniform', 'mul', unit, number(high - low)), number(low))
  const below = constant('uniform', floatBelow(high), 'float32')
  return select('uniform', binary('uniform', 'greaterEqual', scaled, number(high)), below, scaled)
}

/**
 * Standard normal float32 numbers of random bits, by a table in integer arithmetic, so that every device agrees to
 * the bit: multiples of 2^-21 up to 6.34.
 * @param bits int32
 */
export function normalFromBits(bits: TensorLike): Tensor {
  const x = asTensor('normalFromBits', 'bits', bits)
  if (x.dtype !== 'int32') throw new SurprisalError('dtype', `normalFromBits: bits must be int32, got ${x.dtype}`)
  return unary('normalFromBits', 'normalFromBits', x)
}

/** Options of {@link normal}. */
export interface NormalOptions {
  /** @default 0 */
  mean?: number
  /** Standard deviation. @default 1 */
  std?: number
}

/** Normal float32 numbers: `normalFromBits(bits) * std + mean`. */
export function normal(key: RandomKey | number, shape: Shape, options: NormalOptions = {}): Tensor {
  const { mean = 0, std = 1 } = optionsOf('normal', options)
  requireFinite('normal', 'mean', mean)
  requireFinite('normal', 'std', std)
  const z = unary('normal', 'normalFromBits', bitsNode('normal', key, shape))
  const scaled = std === 1 ? z : binary('normal', 'mul', z, constant('normal', std, 'float32'))
  return mean === 0 ? scaled : binary('normal', 'add', scaled, constant('normal', mean, 'float32'))
}

/**
 * Draws that are true with probability `p`: `uniform < p`.
 * @param p number in [0, 1], or a tensor broadcast to the shape
 * @param shape by default that of p
 * @returns bool
 */
export function bernoulli(key: RandomKey | number, p: number | TensorLike, shape?: Shape | null | object): Tensor {
  if (typeof p === 'number' && !(p >= 0 && p <= 1))
    throw new SurprisalError('argument', `bernoulli: p must be from 0 to 1, got ${p}`)
  const threshold = typeof p === 'number' ? constant('bernoulli', p, 'float32') : asTensor('bernoulli', 'p', p)
  const drawn = Array.isArray(shape)
    ? (shape as Shape)
    : isOptions(shape) || !shape
      ? threshold.shape
      : (shape as Shape)
  checkShape('bernoulli', drawn)
  if (!sameShape(broadcastShapes('bernoulli', threshold.shape, drawn), drawn))
    throw new SurprisalError('shape', `bernoulli: cannot expand ${shapeText(threshold.shape)} to ${shapeText(drawn)}`)
  const wide = cast('bernoulli', threshold, 'float32')
  return binary('bernoulli', 'less', unitFloats('bernoulli', key, drawn), broadcastTo('bernoulli', wide, drawn))
}

/**
 * Uniform int32 numbers in `[low, high)`.
 * @throws {SurprisalError} `argument` unless low < high are int32 numbers
 */
export function randint(key: RandomKey | number, shape: Shape, low: number, high: number): Tensor {
  const [least, most] = integerRange.int32
  for (const [name, value] of [
    ['low', low],
    ['high', high],
  ] as const)
    if (!Number.isInteger(value) || value < least || value > most)
      throw new SurprisalError('argument', `randint: ${name} must be an int32 number, got ${got(value)}`)
  if (low >= high) throw new SurprisalError('argument', `randint: low must be less than high, got ${low} and ${high}`)
  const [first, second] = splitKey(keyOf('randint', key))
  const span = high - low
  const root = 2 ** 16 % span
  const multiplier = constant('randint', (((root * root) % 2 ** 32) % span) | 0, 'int32')
  const high32 = unsignedRemainder('randint', bitsNode('randint', first, shape), span)
  const low32 = unsignedRemainder('randint', bitsNode('randint', second, shape), span)
  const mixed = binary('randint', 'add', binary('randint', 'mul', high32, multiplier), low32)
  return binary('randint', 'add', unsignedRemainder('randint', mixed, span), constant('randint', low, 'int32'))
}

/** Numbers of the standard Gumbel distribution: `-log(-log(max(u, 2^-126)))` of a uniform u. */
export const gumbel = (key: RandomKey | number, shape: Shape): Tensor => gumbelNoise('gumbel', key, shape)

/** {@link gumbel} under another op's name. */
export function gumbelNoise(op: string, key: RandomKey | number, shape: Shape): Tensor {
  const u = binary(op, 'maximum', unitFloats(op, key, shape), constant(op, 2 ** -126, 'float32'))
  const inner = unary(op, 'neg', unary(op, 'log', u))
  return unary(op, 'neg', unary(op, 'log', inner))
}

/** Numbers of the exponential distribution of rate 1: `-log1p(-u)` of a uniform u. */
export function exponential(key: RandomKey | number, shape: Shape): Tensor {
  const u = unitFloats('exponential', key, shape)
  return unary('exponential', 'neg', unary('exponential', 'log1p', unary('exponential', 'neg', u)))
}
