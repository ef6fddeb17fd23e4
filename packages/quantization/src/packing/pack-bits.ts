import { defineOp, type Tensor, type TensorLike } from '@surprisal/tensor'
import { fail, integerTensor, requireBits } from '../_shared/arguments.ts'
import { bytesFor, writeCodes } from '../_shared/bit-stream.ts'

/** Options of {@link packBits}. */
export interface PackBitsOptions {
  /** Bits of a code, 1 to 8. */
  bits: number
  /** Codes from -2^(bits - 1) to 2^(bits - 1) - 1 instead of 0 to 2^bits - 1; of one bit -1 and 1. @default false */
  signed?: boolean
  /** Bytes to a multiple of which every row is filled up with zeros, 4 for GPU buffers. @default 1 */
  rowAlignment?: number
}

const op = 'packBits'

/**
 * Packs codes of a few bits into bytes.
 *
 * ```text
 * code i takes bits [i b, (i + 1) b) of a little-endian stream: of two 4-bit codes the first is the low nibble
 * signed codes are stored as code + 2^(b - 1); of one bit, 1 stands for +1
 * ```
 *
 * Every row (the last dim) begins with a fresh byte; bits at its end are 0.
 *
 * @param codes integers `[..., K]`
 * @returns uint8 `[..., ceil(K bits / 8)]`, rounded up to `rowAlignment`
 * @throws {SurprisalError} `shape`, `dtype` or `argument` at the call; `argument` at the read for a code out of range
 */
export function packBits(codes: TensorLike, options: PackBitsOptions): Tensor {
  const { bits, signed = false, rowAlignment = 1 } = options ?? {}
  requireBits(op, bits)
  if (!Number.isInteger(rowAlignment) || rowAlignment < 1)
    fail('argument', op, `rowAlignment must be an integer of at least 1, got ${String(rowAlignment)}`)
  const q = integerTensor(op, 'codes', codes)
  if (q.ndim === 0) fail('shape', op, 'codes must have at least one dim, got shape []')
  const width = q.shape[q.ndim - 1]
  const stride = Math.ceil(bytesFor(width, bits) / rowAlignment) * rowAlignment

  const pack = defineOp({
    name: op,
    infer: ([{ shape }]) => [{ shape: [...shape.slice(0, -1), stride], dtype: 'uint8' }],
    reference: ([{ data }], [output]) => {
      const stored = storedCodes(data, bits, signed)
      for (let row = 0; row * width < data.length; row++)
        writeCodes(stored, row * width, width, bits, (output as Uint8Array).subarray(row * stride, (row + 1) * stride))
    },
  })
  return pack([q.cast('int32')])[0]
}

/** Codes as the unsigned numbers that are stored. */
function storedCodes(codes: ArrayLike<number>, bits: number, signed: boolean): Uint8Array {
  const signs = signed && bits === 1
  const offset = signed ? 2 ** (bits - 1) : 0
  return Uint8Array.from(codes, (code, i) => {
    const stored = signs ? (code + 1) / 2 : code + offset
    if (stored >= 0 && stored < 2 ** bits && Number.isInteger(stored)) return stored
    const legal = signs ? 'be -1 or 1' : `be in ${-offset}..${2 ** bits - 1 - offset}`
    return fail('argument', op, `every code must ${legal}, got ${code} at index ${i}`)
  })
}
