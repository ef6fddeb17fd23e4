import type { DType, Read, Value } from '@surprisal/tensor/backend'

/** An operand of a step: what stands in a buffer, and how it is read. */
export interface Operand {
  readonly dtype: DType
  /** Shape, and strides and offset in elements. */
  readonly map: Read['map']
}

/** A step that moves elements: its buffers are those of the reads, then the result's. */
export interface DataStep {
  readonly primitive: Value['node']['primitive']
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly reads: readonly Operand[]
}
