import { arange, cos, exp, sin, stack, type Tensor } from '@surprisal/tensor'
import { requirePositive, requireWhole } from '../_shared/require.ts'

/**
 * Positions as waves: sines in even columns and cosines in odd ones, of frequencies base^(-2i / dim).
 * @returns float32 [length, dim]; an odd dim lacks the last cosine
 * @throws {SurprisalError} `argument` unless both are whole numbers, dim from 1
 * @see Vaswani et al., "Attention Is All You Need", 2017
 */
export function sinusoidalPositions(length: number, dim: number, { base = 10_000 }: { base?: number } = {}): Tensor {
  requireWhole('sinusoidalPositions', 'length', length)
  requireWhole('sinusoidalPositions', 'dim', dim, 1)
  requirePositive('sinusoidalPositions', 'base', base)
  const half = Math.ceil(dim / 2)
  const frequencies = exp(arange(half).mul((-2 * Math.log(base)) / dim))
  const angles = arange(length).unsqueeze(1).mul(frequencies)
  const waves = stack([sin(angles), cos(angles)], { dim: 2 }).reshape([length, 2 * half])
  return dim === 2 * half ? waves : waves.narrow(1, 0, dim)
}
