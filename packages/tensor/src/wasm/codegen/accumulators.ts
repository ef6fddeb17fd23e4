import { type DType, isFloat } from '../../dtype.ts'
import type { ReduceName } from '../../graph/node.ts'
import type { Code, Local } from '../code.ts'
import { type Accumulator, foldLanes } from './accumulator.ts'
import { floatExtreme } from './float-extreme.ts'
import { floatProduct } from './float-product.ts'
import { positionOf } from './position.ts'

type Combination = 'i32x4.add' | 'i32x4.mul' | 'i32x4.max_s' | 'i32x4.min_s' | 'v128.or' | 'v128.and'

/** One vector of integers or masks under an associative operation. */
function simple(combination: Combination, identity: number): Accumulator {
  const merge = (code: Code, [state]: readonly Local[], [other]: readonly Local[]): void => {
    code.get(state).get(other).op(combination).set(state)
  }
  return {
    parts: 1,
    anyOrder: true,
    start: code => code.get(code.ints(identity)),
    neutral: code => code.get(code.ints(identity)),
    take: (code, state, x) => merge(code, state, [x]),
    merge,
    fold: (code, state) => foldLanes(code, state, merge),
    finish: (code, [state], _, out) => code.get(state).set(out),
  }
}

const lowest = -(2 ** 31)
const highest = 2 ** 31 - 1
const any = simple('v128.or', 0)
const all = simple('v128.and', -1)

/** The accumulator of a reduction of elements of `dtype`, null for sums of floats, which go by blocks. */
export function accumulatorOf(f: ReduceName, dtype: DType): Accumulator | null {
  const float = isFloat(dtype)
  switch (f) {
    case 'sum':
      return float ? null : dtype === 'bool' ? any : simple('i32x4.add', 0)
    case 'prod':
      return float ? floatProduct : dtype === 'bool' ? all : simple('i32x4.mul', 1)
    case 'max':
      return float ? floatExtreme('max') : dtype === 'bool' ? any : simple('i32x4.max_s', lowest)
    case 'min':
      return float ? floatExtreme('min') : dtype === 'bool' ? all : simple('i32x4.min_s', highest)
    case 'any':
      return any
    case 'all':
      return all
    default:
      // The mask of true is -1, so that among masks the largest is the smallest.
      return positionOf(dtype === 'bool' ? (f === 'argmax' ? 'argmin' : 'argmax') : f, float)
  }
}
