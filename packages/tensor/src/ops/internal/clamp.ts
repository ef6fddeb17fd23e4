import { promotePair } from '../../operand.ts'
import { binary, constant, inFloat32, sameValue, select, withRule } from '../../primitive.ts'
import type { Tensor } from '../../tensor.ts'

/** `x` held between two optional bounds, NaN kept; the gradient passes between the bounds and at them. */
export function clampBetween(op: string, x: Tensor, min: number | undefined, max: number | undefined): Tensor {
  if (min === undefined && max === undefined) return sameValue(op, x)
  let promoted = x
  for (const bound of [min, max]) if (bound !== undefined) promoted = promotePair(op, promoted, bound)[0]
  return inFloat32(op, promoted, y => {
    const low = min === undefined ? null : constant(op, min, y.dtype)
    const high = max === undefined ? null : constant(op, max, y.dtype)
    let value = y
    if (low) value = binary(op, 'maximum', value, low)
    if (high) value = binary(op, 'minimum', value, high)
    return withRule(op, value, [y], (dy, [input]) => {
      let passed = dy
      const nothing = constant(op, 0, dy.dtype)
      if (low) passed = select(op, binary(op, 'greaterEqual', input, low), passed, nothing)
      if (high) passed = select(op, binary(op, 'lessEqual', input, high), passed, nothing)
      return [passed]
    })
  })
}
