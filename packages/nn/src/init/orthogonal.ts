import { normal, type RandomKey, type Tensor, tensor } from '@surprisal/tensor'
import { calculateFanInAndFanOut } from './fans.ts'

/** Rows of length 1 at right angles, by Gram-Schmidt; a second pass takes away what rounding left. */
function orthonormalize(rows: Float64Array[]): void {
  rows.forEach((row, i) => {
    for (let pass = 0; pass < 2; pass++)
      for (const other of rows.slice(0, i)) {
        const dot = row.reduce((sum, x, d) => sum + x * other[d], 0)
        for (let d = 0; d < row.length; d++) row[d] -= dot * other[d]
      }
    const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0))
    for (let d = 0; d < row.length; d++) row[d] /= norm
  })
}

/**
 * A matrix [out, rest] whose rows (or columns, where they are fewer) are orthonormal, times the gain: the Q of a
 * Gaussian matrix with the signs of R's diagonal made positive. Computed at once, in float64.
 * @param shape [out, in, ...receptive field]
 * @throws {SurprisalError} `shape` below 2 dimensions
 * @see Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning", 2014
 */
export function orthogonal(
  key: RandomKey | number,
  shape: readonly number[],
  { gain = 1 }: { gain?: number } = {},
): Tensor {
  const out = shape[0]
  const rest = calculateFanInAndFanOut(shape).fanIn
  const [count, length] = out <= rest ? [out, rest] : [rest, out]
  const drawn = normal(key, [count, length]).dataSync()
  const rows = Array.from({ length: count }, (_, i) => Float64Array.from(drawn.subarray(i * length, (i + 1) * length)))
  orthonormalize(rows)
  const at = (i: number, j: number): number => (out <= rest ? rows[i][j] : rows[j][i])
  const values = Float32Array.from({ length: out * rest }, (_, k) => gain * at(Math.floor(k / rest), k % rest))
  return tensor(values, { shape: [...shape] })
}
