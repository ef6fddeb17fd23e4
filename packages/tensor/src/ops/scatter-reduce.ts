import { SurprisalError } from '../error.ts'
import { isOptions, toFloat } from '../operand.ts'
import { binary, cast, constant, gatherAlong, inFloat32, scatterAlong, select, withRule } from '../primitive.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { productOfOthers, scatterOperands } from './internal/scatter.ts'
import { spread } from './internal/views.ts'

/** Options of {@link scatterReduce}. */
export interface ScatterReduceOptions {
  /** How what meets in one place becomes one number. */
  reduce: 'sum' | 'prod' | 'mean' | 'amax' | 'amin'
  /** Whether the element of x at a written place takes part. @default true */
  includeSelf?: boolean
}

const op = 'scatterReduce'
const reductions = ['sum', 'prod', 'mean', 'amax', 'amin']

/**
 * `x` with elements reduced into it along one dim: what meets at `out[i][index[i][j]]` (dim 1) is summed, multiplied,
 * averaged or the largest or smallest is taken. Places that nothing is written to keep the element of x.
 *
 * The gradient of `prod` is exact with zeros, that of `amax` and `amin` is divided evenly among ties.
 *
 * @param index int32 or uint8, of the rank of x and no larger in the other dims
 * @param src at least as large as the index in every dim; x and src are promoted
 * @param options reduce (required) and includeSelf
 * @returns shape of x; its promoted dtype, but float32 for a mean of integers
 * @throws {SurprisalError} `argument` for an unknown reduction, `index` at the read for an index out of range
 */
export function scatterReduce(
  x: TensorLike,
  dim: number,
  index: TensorLike,
  src: TensorLike | number,
  options: ScatterReduceOptions,
): Tensor {
  const { reduce, includeSelf = true } = isOptions(options) ? options : ({} as ScatterReduceOptions)
  if (!reductions.includes(reduce))
    throw new SurprisalError('argument', `${op}: reduce must be one of ${reductions.join(', ')}, got ${String(reduce)}`)
  const operands = scatterOperands(op, x, dim, index, src)
  const base = reduce === 'mean' ? toFloat(op, operands.base) : operands.base
  return inFloat32(op, base, self => {
    const target: Target = { d: operands.d, i: operands.i, includeSelf }
    const source = cast(op, operands.source, self.dtype)
    switch (reduce) {
      case 'sum':
        return sumInto(target, self, source)
      case 'mean':
        return meanInto(target, self, source)
      case 'prod':
        return productInto(target, unlessWritten(target, self, 1), source)
      default:
        return extremeInto(target, reduce === 'amax' ? 'max' : 'min', self, source)
    }
  })
}

interface Target {
  readonly d: number
  readonly i: Tensor
  readonly includeSelf: boolean
}

/** Whether something is written to each place. */
function written({ d, i }: Target, x: Tensor): Tensor {
  return scatterAlong(op, 'set', spread(op, 0, 'bool', x.shape), d, i, spread(op, 1, 'bool', i.shape))
}

/** `x`, with a neutral number where it shall not take part. */
function unlessWritten(target: Target, x: Tensor, neutral: number): Tensor {
  return target.includeSelf ? x : select(op, written(target, x), constant(op, neutral, x.dtype), x)
}

function sumInto(target: Target, x: Tensor, source: Tensor): Tensor {
  return scatterAlong(op, 'add', unlessWritten(target, x, 0), target.d, target.i, source)
}

function meanInto(target: Target, x: Tensor, source: Tensor): Tensor {
  const self = unlessWritten(target, spread(op, 1, 'float32', x.shape), 0)
  const count = scatterAlong(op, 'add', self, target.d, target.i, spread(op, 1, 'float32', source.shape))
  return binary(op, 'div', sumInto(target, x, source), count)
}

function productInto(target: Target, x: Tensor, source: Tensor): Tensor {
  const { d, i } = target
  const product = scatterAlong(op, 'mul', x, d, i, source)
  return withRule(op, product, [x, source], (dy, [self, factors]) => {
    const ones = spread(op, 1, factors.dtype, self.shape)
    const weighted = gatherAlong(op, binary(op, 'mul', dy, self), d, i)
    return [
      binary(op, 'mul', dy, productInto(target, ones, factors)),
      binary(op, 'mul', weighted, productOfOthers(op, d, i, factors)),
    ]
  })
}

/** An element of x that shall not take part is first replaced by one of those that are written over it. */
function extremeInto(target: Target, f: 'max' | 'min', x: Tensor, source: Tensor): Tensor {
  const { d, i, includeSelf } = target
  const start = includeSelf ? x : scatterAlong(op, 'set', x, d, i, source)
  const extreme = scatterAlong(op, f, start, d, i, source)
  return withRule(op, extreme, [x, source], (dy, [self, others], y) => {
    const nothing = constant(op, 0, dy.dtype)
    const equal = binary(op, 'equal', self, y)
    const chosen = includeSelf ? equal : select(op, written(target, self), constant(op, 0, 'bool'), equal)
    const matches = binary(op, 'equal', others, gatherAlong(op, y, d, i))
    const ties = scatterAlong(op, 'add', cast(op, chosen, 'float32'), d, i, cast(op, matches, 'float32'))
    const share = binary(op, 'div', dy, binary(op, 'maximum', ties, constant(op, 1, 'float32')))
    return [select(op, chosen, share, nothing), select(op, matches, gatherAlong(op, share, d, i), nothing)]
  })
}
