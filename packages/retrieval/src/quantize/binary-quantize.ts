import { type Tensor, tensor } from '@surprisal/tensor'
import { floatData, requireRank } from '../_shared/tensor-input.ts'
import { binarizeRows, wordsPerRow } from '../dense/binary-codes.ts'
import { requireFiniteRows } from '../dense/vectors.ts'

/**
 * The sign bits of each row: bit i is 1 where value i is > 0, and stands in word i >> 5 at position i & 31. Unused bits
 * of the last word are 0. For plain typed arrays: {@link binarizeRows}.
 *
 * @param vectors float32 [n, d]; centre them first, or all-positive values give all-one codes
 * @returns int32 [n, ceil(d / 32)], a word with bit 31 set being negative
 * @throws {SurprisalError} another shape or dtype, a value that is not finite (the row is named)
 * @example
 * await (await binaryQuantize(tensor([[0.1, -2, 3]]))).data() // => Int32Array [5]
 */
export async function binaryQuantize(vectors: Tensor): Promise<Tensor> {
  requireRank('binaryQuantize', 'vectors', vectors, ['n', 'd'])
  const [n, d] = vectors.shape
  const data = await floatData('binaryQuantize', 'vectors', vectors)
  requireFiniteRows('binaryQuantize', 'vectors', data, d)
  return tensor(binarizeRows(data, d, n), { shape: [n, wordsPerRow(d)], dtype: 'int32' })
}
