import { type Tensor, tensor } from '@surprisal/tensor'
import { requireWhole } from '../_shared/require.ts'

const geometric = (n: number): number[] => Array.from({ length: n }, (_, i) => 2 ** ((-8 * (i + 1)) / n))

/**
 * The slope of each head in attention with linear biases: 2^(-8 i / n) for n heads, a power of two; for other numbers
 * those of the next lower power, followed by every other one of twice as many.
 * @returns float32 [numHeads]
 * @throws {SurprisalError} `argument` unless numHeads is a whole number from 1
 * @see Press, Smith and Lewis, "Train Short, Test Long: Attention with Linear Biases Enables Input Length
 * Extrapolation", 2022
 */
export function alibiSlopes(numHeads: number): Tensor {
  requireWhole('alibiSlopes', 'numHeads', numHeads, 1)
  const power = 2 ** Math.floor(Math.log2(numHeads))
  const between = geometric(2 * power).filter((_, i) => i % 2 === 0)
  return tensor([...geometric(power), ...between].slice(0, numHeads))
}
