import type { DType } from '../../dtype.ts'
import type { Primitive } from '../../graph/node.ts'
import type { Shape } from '../../shape.ts'
import type { Lowered } from '../lowered.ts'
import { lowerArgsort } from './argsort.ts'
import { lowerFold } from './fold.ts'
import type { DataOperand } from './frame.ts'
import { lowerCat, lowerView } from './move.ts'
import { lowerPut } from './put.ts'
import { lowerScan } from './scan.ts'
import { lowerScatter } from './scatter.ts'
import { lowerGather, lowerTake } from './take.ts'

/** A primitive over strided reads. */
export interface DataStep {
  readonly primitive: Primitive
  readonly dtype: DType
  readonly shape: Shape
  readonly reads: readonly DataOperand[]
}

/**
 * The kernel of a primitive that moves elements; its buffers are those of the reads, then the result's.
 * @returns null where there is only the primitive's plain loop
 */
export function lowerData({ primitive, shape, reads }: DataStep): Lowered | null {
  const [x, index, source] = reads
  switch (primitive.kind) {
    case 'view':
      return lowerView(x)
    case 'cat':
      return lowerCat(reads, shape, primitive.dim)
    case 'take':
      return lowerTake({ x, index, shape, dim: primitive.dim })
    case 'gather':
      return lowerGather({ x, index, shape, dim: primitive.dim })
    case 'put':
      return lowerPut({ f: primitive.f, base: x, index, source, shape, dim: primitive.dim })
    case 'scatter':
      return lowerScatter({ f: primitive.f, base: x, index, source, shape, dim: primitive.dim })
    case 'fold':
      return lowerFold({ x, map: primitive.map, shape })
    case 'scan':
      return lowerScan({ ...primitive, x, shape })
    case 'argsort':
      return lowerArgsort({ ...primitive, x, shape })
    default:
      return null
  }
}

/** The dim and size that a wrong index of such a kernel is out of; null where it has no indices. */
export function indexedDim({ primitive, shape, reads }: DataStep): { dim: number; size: number; op: string } | null {
  switch (primitive.kind) {
    case 'take':
    case 'gather':
      return { dim: primitive.dim, size: reads[0].map.shape[primitive.dim], op: primitive.op }
    case 'put':
    case 'scatter':
      return { dim: primitive.dim, size: shape[primitive.dim], op: primitive.op }
    default:
      return null
  }
}
