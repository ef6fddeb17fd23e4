import { SurprisalError, type Tensor, tensor } from '@surprisal/tensor'
import { requireRank } from '../_shared/tensor-input.ts'
import { hammingRows } from '../dense/binary-codes.ts'

/**
 * In how many bits each code of a differs from each of b. For plain typed arrays: {@link hammingRows}.
 *
 * @param a int32 [A, w], codes as {@link binaryQuantize} makes them
 * @param b int32 [B, w]
 * @returns int32 [A, B]
 * @throws {SurprisalError} another shape or dtype, different numbers of words
 * @example
 * await (await hammingDistance(tensor([[5]], { dtype: 'int32' }), tensor([[6]], { dtype: 'int32' }))).data()
 * // => Int32Array [2]
 */
export async function hammingDistance(a: Tensor, b: Tensor): Promise<Tensor> {
  const words = { a: await codeWords('a', a), b: await codeWords('b', b) }
  const [rows, width] = a.shape
  if (b.shape[1] !== width) {
    throw new SurprisalError('shape', `hammingDistance: a has ${width} words a row, b has ${b.shape[1]}`)
  }
  const distances = new Int32Array(rows * b.shape[0])
  for (let r = 0; r < rows; r++) {
    const out = distances.subarray(r * b.shape[0], (r + 1) * b.shape[0])
    hammingRows(words.a.subarray(r * width, (r + 1) * width), words.b, out)
  }
  return tensor(distances, { shape: [rows, b.shape[0]], dtype: 'int32' })
}

async function codeWords(argument: string, codes: Tensor): Promise<Int32Array> {
  requireRank('hammingDistance', argument, codes, ['n', 'w'])
  if (codes.dtype !== 'int32') {
    throw new SurprisalError('dtype', `hammingDistance: ${argument} must be int32, got ${codes.dtype}`)
  }
  return (await codes.data()) as Int32Array
}
