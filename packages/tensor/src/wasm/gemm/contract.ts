import type { DType } from '../../dtype.ts'
import { SurprisalError } from '../../error.ts'
import type { Lowered } from '../lowered.ts'
import { type GroupedAccess, joinAccess, positions } from './access.ts'
import { lowerPacked } from './packed.ts'
import { lowerThin } from './thin.ts'

/** `out[batch, m, n] = sum over k of a[batch, m, k] * b[batch, n, k]`, dense and row-major. */
export interface ContractSpec {
  readonly a: GroupedAccess
  readonly b: GroupedAccess
  /** Of the result; int32 wraps. */
  readonly dtype: 'float32' | 'int32'
  /** Of a and b: float32 both for a float32 result, otherwise int32, uint8, int8 or bool. */
  readonly operands: readonly [DType, DType]
}

export interface ContractOptions {
  /** Whether to use the fused multiply-add of relaxed SIMD. */
  readonly relaxed: boolean
  /** How many threads share the units; it has no say in the result. */
  readonly threads: number
}

/**
 * Lowers a batched matrix product to phases over the buffers a, b and out. No depth gives zeros; NaN and infinities
 * spread as in a plain sum of products. Sizes, strides and offsets are words of the phases.
 *
 * Panels, blocks and the micro-kernel follow Goto and van de Geijn, "Anatomy of High-Performance Matrix
 * Multiplication" (2008).
 * @throws {SurprisalError} `dtype` for operands that must be converted before
 */
export function lowerContract(spec: ContractSpec, options: ContractOptions): Lowered {
  const integer = spec.dtype === 'int32'
  if (spec.operands.some(dtype => dtype === 'float16' || (dtype === 'float32') === integer))
    throw new SurprisalError(
      'dtype',
      `lowerContract: operands of ${spec.dtype} must be ${integer ? 'integers or bool' : 'float32'}, got ${spec.operands.join(' and ')}`,
    )
  const { a, b } = joinBatch(joinAccess(spec.a), joinAccess(spec.b))
  const sizes = {
    batch: positions(a.batch),
    rows: positions(a.line),
    columns: positions(b.line),
    depth: positions(a.depth),
  }
  if (sizes.batch * sizes.rows * sizes.columns === 0) return { phases: [], workspaceBytes: 0 }
  const thin = integer ? null : lowerThin(a, b, sizes, options)
  return thin ?? lowerPacked(a, b, sizes, spec, options)
}

/** A stack of products with one b: the rows of every a make one tall matrix. */
function joinBatch(a: GroupedAccess, b: GroupedAccess): { a: GroupedAccess; b: GroupedAccess } {
  if (b.batch.some(dim => dim.stride !== 0)) return { a, b }
  return { a: joinAccess({ ...a, batch: [], line: [...a.batch, ...a.line] }), b: { ...b, batch: [] } }
}
