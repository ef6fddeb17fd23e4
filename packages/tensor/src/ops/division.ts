import type { Operand, Tensor } from '../tensor.ts'
import { numericBinary } from './internal/pointwise.ts'

/**
 * The quotient rounded toward -Infinity. Integers stay integers, with 0 for a divisor of 0 and
 * `-2^31 / -1 = -2^31`; floats follow IEEE (`x / 0` is infinite). No gradient.
 *
 * @param a tensor or number, broadcast with `b`; two bools give int32
 * @param b tensor or number
 */
export function floorDivide(a: Operand, b: Operand): Tensor {
  return numericBinary('floorDivide', a, b)
}

/**
 * `a - floorDivide(a, b) * b`, which has the divisor's sign. An integer divisor of 0 gives 0, a float one NaN.
 *
 * @param a tensor or number, broadcast with `b`; two bools give int32
 * @param b tensor or number
 */
export function remainder(a: Operand, b: Operand): Tensor {
  return numericBinary('remainder', a, b)
}

/**
 * The remainder of truncated division, which has the dividend's sign. An integer divisor of 0 gives 0, a float one NaN.
 *
 * @param a tensor or number, broadcast with `b`; two bools give int32
 * @param b tensor or number
 */
export function fmod(a: Operand, b: Operand): Tensor {
  return numericBinary('fmod', a, b)
}
