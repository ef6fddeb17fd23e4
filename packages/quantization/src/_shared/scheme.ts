import { maximum, minimum, type Tensor, where } from '@surprisal/tensor'
import { fail, requireBits } from './arguments.ts'

/** How codes lie around zero. */
export interface SchemeOptions {
  /** Bits of a code, 1 to 8; symmetric needs 2. @default 8 */
  bits?: number
  /** `'affine'`: codes 0 to 2^bits - 1 with a zero point; `'symmetric'`: signed codes around 0. @default 'affine' */
  scheme?: 'affine' | 'symmetric'
}

/** Range of the codes, `low` only used by clamping. */
export interface CodeRange {
  readonly low: number
  readonly high: number
  readonly symmetric: boolean
}

export function codeRange(op: string, { bits = 8, scheme = 'affine' }: SchemeOptions, narrowRange = true): CodeRange {
  requireBits(op, bits)
  if (scheme === 'affine') return { low: 0, high: 2 ** bits - 1, symmetric: false }
  if (scheme !== 'symmetric') fail('argument', op, `scheme must be affine|symmetric, got '${String(scheme)}'`)
  if (bits < 2) fail('argument', op, `bits must be at least 2 for the symmetric scheme, got ${bits}`)
  const high = 2 ** (bits - 1) - 1
  return { low: narrowRange ? -high : -high - 1, high, symmetric: true }
}

/** Scale and zero point of the range from `min` to `max`, both as float32 of their shape. */
export function parametersOf(
  min: Tensor,
  max: Tensor,
  { high, symmetric }: CodeRange,
): { scale: Tensor; zero: Tensor } {
  // Zero is always representable, so that padding and zeros of a relu are exact.
  const [low, top] = [minimum(min, 0), maximum(max, 0)]
  // Halves are exact, and the width of a range of large numbers does not overflow.
  const width = top.mul(0.5).sub(low.mul(0.5))
  const raw = symmetric ? maximum(low.neg(), top).div(high) : width.div(high / 2)
  const scale = where(raw.equal(0), 1, raw)
  return { scale, zero: symmetric ? scale.zerosLike() : low.div(scale).neg().round().clamp({ min: 0, max: high }) }
}
