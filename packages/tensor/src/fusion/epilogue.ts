import { contiguousStrides, sizeOf } from '../shape.ts'
import type { Group } from './group.ts'

/** Elementwise work on the elements of a product, done while they are in the cache. */
export interface Epilogue {
  /** A pointwise group over a space of as many elements as the product has, in the same order. */
  readonly group: Group
  /** The buffer of the group that stands for the product; its pointer is not read. */
  readonly product: number
}

/** Whether a group can follow upon a product of `size` elements that stands for a buffer: it reads them in order. */
export function isEpilogue({ group, product }: Epilogue, size: number): boolean {
  const dense = contiguousStrides(group.space)
  const inOrder = group.instructions.every(
    instruction =>
      !('buffer' in instruction) ||
      instruction.buffer !== product ||
      (instruction.kind === 'load' &&
        instruction.access.offset === 0 &&
        dense.every((stride, d) => group.space[d] === 1 || instruction.access.strides[d] === stride)),
  )
  const reads = group.instructions.some(x => x.kind === 'load' && x.buffer === product)
  const writes = group.stores.some(({ buffer }) => buffer === product)
  return group.kind === 'pointwise' && inOrder && reads && !writes && sizeOf(group.space) === size
}
