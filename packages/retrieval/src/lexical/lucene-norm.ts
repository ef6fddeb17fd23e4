/**
 * Lucene's one-byte document lengths: exact below 40, then three significant bits.
 *
 * ```
 * int4(i) = i                                       i < 8
 *         = ((i >> s) & 7) | ((s + 1) << 3)         else, s = floor(log2 i) - 3
 * byte(l) = l                                       l < F,  F = 255 - int4(2^31 - 1) = 24
 *         = F + int4(l - F)                         else
 * ```
 *
 * @see Apache Lucene, SmallFloat.intToByte4
 */
import { SurprisalError } from '@surprisal/tensor'

const FREE = 24
const LARGEST = 2 ** 31 - 1

/**
 * What is left of document lengths after Lucene has stored each in one byte: the largest representable length that is
 * not above it.
 *
 * @param lengths integers in [0, 2^31 - 1]
 * @throws {SurprisalError} `'argument'`: a length out of range
 * @example
 * luceneNormRoundTrip([39, 41, 47]) // => [39, 40, 46]
 */
export function luceneNormRoundTrip(lengths: readonly number[]): number[] {
  return lengths.map((length, i) => {
    if (!Number.isInteger(length) || length < 0 || length > LARGEST) {
      throw new SurprisalError(
        'argument',
        `luceneNormRoundTrip: lengths[${i}] must be an integer in [0, ${LARGEST}], got ${String(length)}`,
      )
    }
    return length < FREE ? length : FREE + int4RoundTrip(length - FREE)
  })
}

/** Encoding to (shift, three bits below the leading one) and back keeps the four leading bits. */
function int4RoundTrip(i: number): number {
  if (i < 8) return i
  const shift = 28 - Math.clz32(i)
  return (i >> shift) << shift
}
