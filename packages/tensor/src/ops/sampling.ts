import { SurprisalError } from '../error.ts'
import { erf, erfinv } from '../error-function.ts'
import { asTensor, toFloat } from '../operand.ts'
import { binary, cast, constant, host, orderAlong, reduce, takeSlices } from '../primitive.ts'
import { broadcastShapes, checkShape, normalizeDim, type Shape, sameShape, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { iota } from './creation.ts'
import { got, replaceDim, requireInteger } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { bitsNode, unitFloats } from './internal/random-bits.ts'
import { keyOf, type RandomKey, splitKey } from './keys.ts'
import { gumbelNoise } from './random.ts'

/** Options of {@link categorical}. */
export interface CategoricalOptions {
  /** Dim of the classes. @default -1 */
  dim?: number
  /** Shape of the result, to which that of logits without the dim is broadcast, with new dims in front for more draws. */
  shape?: Shape | null
}

/**
 * Draws classes by unnormalised log-probabilities: the argmax of logits plus Gumbel noise.
 * @param logits any shape
 * @param options dim and shape
 * @returns int32
 * @throws {SurprisalError} `shape` when there are no classes or the shape does not fit
 * @see Gumbel, "Statistical theory of extreme values and some practical applications" (1954)
 */
export function categorical(key: RandomKey | number, logits: TensorLike, options: CategoricalOptions = {}): Tensor {
  const { dim = -1, shape } = optionsOf('categorical', options)
  const op = 'categorical'
  const x = cast(op, toFloat(op, asTensor(op, 'logits', logits)), 'float32')
  const d = normalizeDim(op, dim, x.shape.length)
  const classes = x.shape[d]
  if (classes === 0) throw new SurprisalError('shape', `${op}: cannot reduce an empty dim`)
  const batch = replaceDim(x.shape, d)
  const drawn = shape ?? batch
  checkShape(op, drawn)
  if (!sameShape(broadcastShapes(op, batch, drawn), drawn))
    throw new SurprisalError('shape', `${op}: cannot expand ${shapeText(batch)} to ${shapeText(drawn)}`)
  const at = drawn.length - batch.length + d
  const full = [...drawn.slice(0, at), classes, ...drawn.slice(at)]
  checkShape(op, full)
  return reduce(op, 'argmax', binary(op, 'add', gumbelNoise(op, key, full), x), [at])
}

/**
 * A random order: of 0, 1, ..., n - 1 (int32), or of the slices of a tensor along its first dim. Sorts by random
 * bits, as many times as make collisions unlikely.
 * @param n number of elements, or the tensor to shuffle
 */
export function permutation(key: RandomKey | number, n: number | TensorLike): Tensor {
  const op = 'permutation'
  const source = typeof n === 'number' ? null : asTensor(op, 'n', n)
  if (typeof n === 'number') requireInteger(op, 'n', n)
  if (source && source.shape.length === 0)
    throw new SurprisalError('shape', `${op}: a tensor must have at least 1 dim, got shape []`)
  const size = source ? source.shape[0] : (n as number)
  const rounds = Math.ceil((3 * Math.log(Math.max(1, size))) / Math.log(2 ** 32 - 1))
  let order = iota(op, size)
  let current = keyOf(op, key)
  for (let round = 0; round < rounds; round++) {
    const [next, sub] = splitKey(current)
    current = next
    const unsigned = binary(op, 'bitwiseXor', bitsNode(op, sub, [size]), constant(op, -(2 ** 31), 'int32'))
    order = takeSlices(op, order, 0, orderAlong(op, unsigned, 0, false))
  }
  return source ? takeSlices(op, source, 0, order) : order
}

/** Options of {@link truncatedNormal}. */
export interface TruncatedNormalOptions {
  /** Lower bound. @default -2 */
  low?: number
  /** Upper bound. @default 2 */
  high?: number
}

/**
 * Float32 numbers of the standard normal distribution between two bounds: `sqrt(2) erfinv(A + u (B - A))` of a
 * uniform u, with `A = erf(low / sqrt(2))` and `B = erf(high / sqrt(2))`, held between the bounds.
 * @throws {SurprisalError} `argument` unless low < high
 */
export function truncatedNormal(key: RandomKey | number, shape: Shape, options: TruncatedNormalOptions = {}): Tensor {
  const { low = -2, high = 2 } = optionsOf('truncatedNormal', options)
  const op = 'truncatedNormal'
  if (!(low < high))
    throw new SurprisalError('argument', `${op}: low must be less than high, got ${got(low)} and ${got(high)}`)
  const [from, to] = [erf(low / Math.SQRT2), erf(high / Math.SQRT2)]
  return host(op, [unitFloats(op, key, shape)], 'float32', [...shape], ([u], _shapes, output) => {
    for (let i = 0; i < u.length; i++)
      output[i] = Math.min(high, Math.max(low, Math.SQRT2 * erfinv(from + u[i] * (to - from))))
  })
}
