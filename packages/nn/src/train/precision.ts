import { requireOneOf, requirePositive } from '../_shared/require.ts'
import { DynamicLossScale } from './loss-scale.ts'

/** Precisions of a training. Losses, norms, softmax and the state of optimisers are float32 always. */
export interface PrecisionPolicy {
  /** Of the weights. @default 'f32' */
  params?: 'f32'
  /** Asked of the arithmetic of layers; see {@link resolvePrecision} for what it gets. @default 'f32' */
  compute?: 'f16' | 'bf16' | 'f32'
  /** Of the model's outputs. @default 'f32' */
  output?: 'f32'
  /** Factor of the loss; 'dynamic' begins at 65536, halves when gradients overflow, doubles after 2000 good steps. @default 1 */
  lossScale?: 'dynamic' | number
}

/** What a policy comes to. */
export interface ResolvedPrecision {
  readonly params: 'f32'
  readonly compute: 'f32'
  readonly output: 'f32'
  /** A fixed factor, or the scale that adapts. */
  readonly lossScale: number | DynamicLossScale
  /** Why compute is not what was asked for; null where it is. */
  readonly fallback: string | null
}

/**
 * What a policy comes to on the devices of this engine. Both compute in float32: float16 is a dtype of storage, the
 * SIMD instructions of WebAssembly know no halves, and the kernels for WebGPU do without shader-f16, which many
 * adapters lack. Asking for 'f16' or 'bf16' therefore runs in float32, which is never less exact, and says so in
 * `fallback`; the loss scale is kept to as asked.
 * @throws {SurprisalError} `argument` for an unknown precision, or a loss scale that is not positive
 */
export function resolvePrecision(policy: PrecisionPolicy = {}): ResolvedPrecision {
  const { params = 'f32', compute = 'f32', output = 'f32', lossScale = 1 } = policy
  requireOneOf('precision', 'params', params, ['f32'])
  requireOneOf('precision', 'compute', compute, ['f32', 'f16', 'bf16'])
  requireOneOf('precision', 'output', output, ['f32'])
  if (lossScale !== 'dynamic') requirePositive('precision', 'lossScale', lossScale)
  return {
    params,
    compute: 'f32',
    output,
    lossScale: lossScale === 'dynamic' ? new DynamicLossScale() : lossScale,
    fallback: compute === 'f32' ? null : `${compute} arithmetic runs as f32: halves are only stored here`,
  }
}
