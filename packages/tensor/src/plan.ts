import type { DType, HostArray } from './dtype.ts'
import type { AffineMap } from './graph/affine.ts'
import type { Primitive } from './graph/node.ts'
import type { Storage } from './graph/storage.ts'
import type { Shape } from './shape.ts'

/** A strided read of a slot. A guard occurs only in the operand of a `view` kernel. */
export interface Operand {
  readonly slot: number
  readonly dtype: DType
  readonly map: AffineMap
}

/** One loop nest: what to compute, where from, where to. The output is dense and row-major. */
export interface Kernel {
  readonly primitive: Primitive
  /** The user's op, for messages. */
  readonly op: string
  readonly dtype: DType
  readonly shape: Shape
  readonly operands: readonly Operand[]
  readonly output: number
}

/** A slot with the elements it holds, and the storage that they come from if there is one. */
export interface PlanInput {
  readonly slot: number
  readonly data: HostArray
  readonly source?: Storage
}

/** An ordered list of kernels over numbered slots. */
export interface Plan {
  readonly slots: number
  /** Slots that are full before the first kernel runs. */
  readonly inputs: readonly PlanInput[]
  readonly kernels: readonly Kernel[]
  /** Per kernel, the temporary slots that nothing reads after it. */
  readonly dying: readonly (readonly number[])[]
  readonly outputs: readonly number[]
}
