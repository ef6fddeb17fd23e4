import { type Tensor, type TensorLike, where } from '@surprisal/tensor'
import { fail, finiteTensor, shapeText } from '../_shared/arguments.ts'
import { blocksOf } from '../_shared/granularity.ts'

/** Options of {@link quantizeBinary}. */
export interface QuantizeBinaryOptions {
  /** Length of the runs along the last dim that share a scale, which divides it. @default the last dim */
  groupSize?: number
}

/** What {@link quantizeBinary} gives. */
export interface BinaryQuantized {
  /** int32, -1 or 1, of the shape of x; `packBits(codes, { bits: 1, signed: true })` stores them in a bit each. */
  codes: Tensor
  /** float32 `[..., groups]`, the mean size of each group. */
  scale: Tensor
  /** float32 numbers of the shape of x that the codes stand for. */
  dequantized: Tensor
}

const op = 'quantizeBinary'

/**
 * Keeps the sign of every number and the mean size of every group, which is the least-squares choice.
 *
 * ```text
 * alpha = mean |x| of each group,  code = 1 where x >= 0, else -1,  x^ = alpha code
 * ```
 *
 * No gradient passes.
 *
 * @param x float `[..., D]`, not empty
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call; `argument` at the read for a non-finite number
 * @see Rastegari et al., XNOR-Net, 2016
 */
export function quantizeBinary(x: TensorLike, options: QuantizeBinaryOptions = {}): BinaryQuantized {
  const numbers = finiteTensor(op, 'x', x)
  if (numbers.size === 0) fail('shape', op, `x must not be empty, got shape ${shapeText(numbers.shape)}`)
  const { groupSize = numbers.shape[numbers.ndim - 1] } = options
  const blocks = blocksOf(op, 'x', numbers.shape, { granularity: 'group', groupSize })

  const view = numbers.reshape(blocks.view)
  const alpha = view.abs().mean({ dim: blocks.dims, keepdim: true })
  const signs = where(view.greaterEqual(0), 1, -1)
  return {
    codes: signs.cast('int32').reshape(numbers.shape),
    scale: alpha.reshape(blocks.scale),
    dequantized: signs.mul(alpha).reshape(numbers.shape),
  }
}
