import type { DType } from '../../dtype.ts'
import { SurprisalError } from '../../error.ts'
import type { Epilogue } from '../../fusion/epilogue.ts'
import type { Lowered } from '../lowered.ts'
import { type GroupedAccess, joinAccess, positions } from './access.ts'
import type { ProductSizes } from './blocking.ts'
import { EpilogueCode } from './epilogue.ts'
import { isFew, lowerFew } from './few.ts'
import { productAlone } from './layout.ts'
import type { Output } from './output.ts'
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
  /** Whether to add to what the result's memory holds. Default: false */
  readonly accumulate?: boolean
}

/**
 * Lowers a batched matrix product to phases over the buffers a, b and out. No depth gives zeros; NaN and infinities
 * spread as in a plain sum of products. Sizes, strides and offsets are words of the phases.
 *
 * The bits follow from the sizes, whatever kernel reads the operands: an element adds up blocks of depth one after the
 * other, in each step after step. Only at most four rows by at most four columns of some depth are added in lanes.
 *
 * An epilogue is computed from the elements of the product while these are in the cache, with the bits that it has as a
 * kernel of its own. The buffers are then those of its group, and a and b behind them; the product itself is nowhere
 * unless the group stores it. Together with `accumulate` it has no meaning.
 *
 * Panels, blocks and the micro-kernel follow Goto and van de Geijn, "Anatomy of High-Performance Matrix
 * Multiplication" (2008).
 * @throws {SurprisalError} `dtype` for operands that must be converted before, `argument` for an epilogue with
 * `accumulate`
 */
export function lowerContract(spec: ContractSpec, options: ContractOptions, epilogue?: Epilogue): Lowered {
  const integer = spec.dtype === 'int32'
  if (spec.operands.some(dtype => dtype === 'float16' || (dtype === 'float32') === integer))
    throw new SurprisalError(
      'dtype',
      `lowerContract: operands of ${spec.dtype} must be ${integer ? 'integers or bool' : 'float32'}, got ${spec.operands.join(' and ')}`,
    )
  if (epilogue && options.accumulate)
    throw new SurprisalError('argument', 'lowerContract: epilogue must not be given with accumulate, got both')
  const [one, other] = [joinAccess(spec.a), joinAccess(spec.b)]
  const apart = sizesOf(one, other)
  if (apart.batch * apart.rows * apart.columns === 0) return { phases: [], workspaceBytes: 0 }
  const output = outputOf(spec, epilogue)
  if (!integer && isFew(apart)) return lowerFew(one, other, apart, options, output)
  const { a, b } = joinBatch(one, other)
  const sizes = sizesOf(a, b)
  const thin = integer ? null : lowerThin(a, b, sizes, options, output)
  return thin ?? lowerPacked(a, b, sizes, spec, options, output)
}

function outputOf(spec: ContractSpec, epilogue: Epilogue | undefined): Output {
  if (!epilogue) return { plan: productAlone, epilogue: null }
  const code = new EpilogueCode(epilogue, spec.operands)
  return { plan: code.plan, epilogue: code }
}

const sizesOf = (a: GroupedAccess, b: GroupedAccess): ProductSizes => ({
  batch: positions(a.batch),
  rows: positions(a.line),
  columns: positions(b.line),
  depth: positions(a.depth),
})

/** A stack of products with one b: the rows of every a make one tall matrix. */
function joinBatch(a: GroupedAccess, b: GroupedAccess): { a: GroupedAccess; b: GroupedAccess } {
  if (b.batch.some(dim => dim.stride !== 0)) return { a, b }
  return { a: joinAccess({ ...a, batch: [], line: [...a.batch, ...a.line] }), b: { ...b, batch: [] } }
}
