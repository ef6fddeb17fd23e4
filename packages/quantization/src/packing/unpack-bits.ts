import { defineOp, type Tensor, type TensorLike } from '@surprisal/tensor'
import { fail, requireBits, shapeText, tensorOf } from '../_shared/arguments.ts'
import { bytesFor, readCode } from '../_shared/bit-stream.ts'

/** Options of {@link unpackBits}. */
export interface UnpackBitsOptions {
  /** Bits of a code, 1 to 8. */
  bits: number
  /** Codes of each row. @default as many as the bytes hold */
  length?: number
  /** Whether the codes were signed. @default false */
  signed?: boolean
}

const op = 'unpackBits'

/**
 * The codes that {@link packBits} packed.
 *
 * @param bytes uint8 `[..., B]`
 * @returns int32 `[..., length]`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call
 */
export function unpackBits(bytes: TensorLike, options: UnpackBitsOptions): Tensor {
  const { bits, signed = false } = options ?? {}
  requireBits(op, bits)
  const packed = tensorOf(op, 'bytes', bytes)
  if (packed.dtype !== 'uint8') fail('dtype', op, `bytes must be uint8, got ${packed.dtype}`)
  if (packed.ndim === 0) fail('shape', op, 'bytes must have at least one dim, got shape []')
  const stride = packed.shape[packed.ndim - 1]
  const { length = Math.floor((stride * 8) / bits) } = options
  if (!Number.isInteger(length) || length < 0)
    fail('argument', op, `length must be an integer of at least 0, got ${String(length)}`)
  if (bytesFor(length, bits) > stride)
    fail(
      'shape',
      op,
      `bytes must hold ${length} codes of ${bits} bits in each row, got a truncated shape ${shapeText(packed.shape)}`,
    )

  const offset = signed ? 2 ** (bits - 1) : 0
  const code = (stored: number): number => (signed && bits === 1 ? stored * 2 - 1 : stored - offset)
  const unpack = defineOp({
    name: op,
    infer: ([{ shape }]) => [{ shape: [...shape.slice(0, -1), length], dtype: 'int32' }],
    reference: ([{ data }], [output]) => {
      for (let at = 0; at < output.length; at++) {
        const row = Math.floor(at / length)
        output[at] = code(readCode(data, row * stride, at % length, bits))
      }
    },
  })
  return unpack([packed])[0]
}
