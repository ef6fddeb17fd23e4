import type { DType, HostArray } from '../dtype.ts'
import type { AffineMap } from '../graph/affine.ts'
import type { Primitive, PrimitiveKind } from '../graph/node.ts'
import type { Kernel } from '../plan.ts'

/** The elements of a slot. Float64Array occurs only in exact runs, where floats are never rounded. */
export type ElementArray = HostArray | Float64Array

/** One argument of a kernel: `map` reads the row-major elements of `data`, with strides and an offset in elements. */
export interface KernelOperand {
  readonly data: ElementArray
  readonly dtype: DType
  readonly map: AffineMap
}

/**
 * Computes one kernel of a plan. `out` is dense and row-major, has the element count of `kernel.shape` and
 * holds stale values: every element must be written. `out` never shares memory with an operand. Elements of a
 * float16 output may be left as float32 results; the executor rounds them afterwards.
 */
export type KernelFunction = (kernel: Kernel, operands: readonly KernelOperand[], out: ElementArray) => void

/** The primitive of one kind, with its attributes. */
export type PrimitiveOf<Kind extends PrimitiveKind> = Extract<Primitive, { kind: Kind }>
