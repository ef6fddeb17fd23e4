import { arange, cat, cos, exp, SurprisalError, sin, stack, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireTensor, tensorOf } from '../_shared/positional.ts'
import { requirePositive } from '../_shared/require.ts'

/** How a rotary embedding is stretched over longer texts than it was trained on. */
export interface RotaryScaling {
  /** `linear`: positions / factor; `ntk`: base * factor^(d / (d - 2)). */
  type: 'linear' | 'ntk'
  factor: number
}

/** Options of {@link applyRotaryEmbedding}. */
export interface RotaryOptions {
  /** @default 10000 */
  base?: number
  /** Which features turn together: `half` i and i + d/2 (Llama, NeoX), `interleaved` 2i and 2i + 1 (GPT-J). @default 'half' */
  layout?: 'half' | 'interleaved'
  /** Features that turn, the first ones; the others pass. Even. @default D */
  rotaryDim?: number
  /** @default none */
  scaling?: RotaryScaling | null
}

/**
 * Turns pairs of features by angles that grow with the position: position * base^(-2i / rotaryDim).
 * @param x [..., T, D]
 * @param positions int32 [T], or [B, T] for x of [B, H, T, D]
 * @returns of x's shape
 * @throws {SurprisalError} `argument` for an odd or too large rotaryDim, `shape` for positions that do not fit
 * @see Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021
 */
export function applyRotaryEmbedding(x: TensorLike, positions: TensorLike, options: RotaryOptions = {}): Tensor {
  const op = 'applyRotaryEmbedding'
  requireTensor(op, 'x', x)
  requireTensor(op, 'positions', positions)
  const [t, at] = [x, positions].map(tensorOf) as [Tensor, Tensor]
  const [length, size] = t.shape.slice(-2)
  const { base = 10_000, layout = 'half', rotaryDim = size, scaling = null } = options
  if (t.shape.length < 2) throw new SurprisalError('shape', `${op}: x must be [..., T, D], got [${t.shape.join(', ')}]`)
  if (!Number.isInteger(rotaryDim) || rotaryDim % 2 !== 0)
    throw new SurprisalError('argument', `${op}: rotaryDim must be even, got ${rotaryDim}`)
  if (rotaryDim < 2 || rotaryDim > size)
    throw new SurprisalError('argument', `${op}: rotaryDim must be in 2 to ${size}, got ${rotaryDim}`)
  if (layout !== 'half' && layout !== 'interleaved')
    throw new SurprisalError('argument', `${op}: layout must be half or interleaved, got ${String(layout)}`)
  requirePositive(op, 'base', base)
  if (scaling) requirePositive(op, 'scaling.factor', scaling.factor)
  if (at.shape[at.shape.length - 1] !== length || at.shape.length > 2)
    throw new SurprisalError(
      'shape',
      `${op}: positions must be [${length}] or [batch, ${length}], got [${at.shape.join(', ')}]`,
    )
  const angles = anglesOf(at, rotaryDim, base, scaling)
  // Positions of each row of a batch are the same for all of its heads.
  const spread = at.shape.length === 2 && t.shape.length === 4 ? angles.unsqueeze(1) : angles
  const turned = turn(t.narrow(-1, 0, rotaryDim), cos(spread), sin(spread), layout)
  return rotaryDim === size ? turned : cat([turned, t.narrow(-1, rotaryDim, size - rotaryDim)], { dim: -1 })
}

/** [..., T, rotaryDim / 2] */
function anglesOf(positions: Tensor, rotaryDim: number, base: number, scaling: RotaryScaling | null): Tensor {
  const isNtk = scaling?.type === 'ntk' && rotaryDim > 2
  const stretched = isNtk ? base * scaling.factor ** (rotaryDim / (rotaryDim - 2)) : base
  const frequencies = exp(arange(rotaryDim / 2).mul((-2 * Math.log(stretched)) / rotaryDim))
  const places = scaling?.type === 'linear' ? positions.div(scaling.factor) : positions
  return places.unsqueeze(-1).mul(frequencies)
}

function turn(x: Tensor, c: Tensor, s: Tensor, layout: 'half' | 'interleaved'): Tensor {
  const half = x.shape[x.shape.length - 1] / 2
  if (layout === 'half') {
    const [a, b] = [x.narrow(-1, 0, half), x.narrow(-1, half, half)]
    return cat([a.mul(c).sub(b.mul(s)), b.mul(c).add(a.mul(s))], { dim: -1 })
  }
  const pairs = x.reshape([...x.shape.slice(0, -1), half, 2])
  const [a, b] = [pairs.select(-1, 0), pairs.select(-1, 1)]
  return stack([a.mul(c).sub(b.mul(s)), b.mul(c).add(a.mul(s))], { dim: -1 }).reshape([...x.shape])
}
