import { binary, cast, constant, make, select } from '../../primitive.ts'
import { checkShape, type Shape } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import { keyOf, type RandomKey } from '../keys.ts'

/** Random int32 bit patterns. */
export function bitsNode(op: string, key: RandomKey | number, shape: Shape): Tensor {
  const pair = keyOf(op, key)
  checkShape(op, shape)
  return make(op, { kind: 'random', key: pair }, 'int32', [...shape], [])
}

/** Uniform multiples of 2^-23 in [0, 1). */
export function unitFloats(op: string, key: RandomKey | number, shape: Shape): Tensor {
  const shifted = binary(op, 'shiftRight', bitsNode(op, key, shape), constant(op, 9, 'int32'))
  const mantissa = binary(op, 'bitwiseAnd', shifted, constant(op, 0x7fffff, 'int32'))
  return binary(op, 'mul', cast(op, mantissa, 'float32'), constant(op, 2 ** -23, 'float32'))
}

/** `x mod span` of int32 bit patterns read as uint32, with `span` in [1, 2^32). */
export function unsignedRemainder(op: string, x: Tensor, span: number): Tensor {
  const int = (value: number): Tensor => constant(op, value | 0, 'int32')
  if (span >= 2 ** 31) {
    const flip = (t: Tensor): Tensor => binary(op, 'bitwiseXor', t, int(-(2 ** 31)))
    const above = binary(op, 'greaterEqual', flip(x), int(span ^ -(2 ** 31)))
    return select(op, above, binary(op, 'sub', x, int(span)), x)
  }
  const half = binary(op, 'bitwiseAnd', binary(op, 'shiftRight', x, int(1)), int(0x7fffffff))
  const rest = binary(op, 'remainder', half, int(span))
  const gap = binary(op, 'sub', int(span), rest)
  const wraps = binary(op, 'greaterEqual', rest, gap)
  const twice = select(op, wraps, binary(op, 'sub', rest, gap), binary(op, 'add', rest, rest))
  const total = binary(op, 'add', twice, binary(op, 'bitwiseAnd', x, int(1)))
  return select(op, binary(op, 'equal', total, int(span)), int(0), total)
}
