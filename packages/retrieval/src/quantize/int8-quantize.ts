import { type Tensor, tensor } from '@surprisal/tensor'
import { floatData, requireRank } from '../_shared/tensor-input.ts'
import { quantizeInt8Rows } from '../dense/int8-codes.ts'
import { requireFiniteRows } from '../dense/vectors.ts'

/**
 * Symmetric int8 codes with one scale per row:
 *
 * ```
 * scale = max|x| / 127,   code = x / scale, rounded half to even
 * ```
 *
 * A zero row has scale 1 and codes 0. For plain typed arrays: {@link quantizeInt8Rows}.
 *
 * @param vectors float32 [n, d]
 * @returns `codes` int32 [n, d] in [-127, 127] and `scales` float32 [n]; codes * scales is near the vectors
 * @throws {SurprisalError} another shape or dtype, a value that is not finite (the row is named)
 * @example
 * const { codes } = await int8Quantize(tensor([[0.5, -1]]))
 * await codes.data() // => Int32Array [64, -127]
 */
export async function int8Quantize(vectors: Tensor): Promise<{ codes: Tensor; scales: Tensor }> {
  requireRank('int8Quantize', 'vectors', vectors, ['n', 'd'])
  const [n, d] = vectors.shape
  const data = await floatData('int8Quantize', 'vectors', vectors)
  requireFiniteRows('int8Quantize', 'vectors', data, d)
  const { codes, scales } = quantizeInt8Rows(data, d, n)
  return { codes: tensor(Int32Array.from(codes), { shape: [n, d], dtype: 'int32' }), scales: tensor(scales) }
}
