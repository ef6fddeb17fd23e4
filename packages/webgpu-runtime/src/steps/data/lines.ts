import { type Access, contiguousStrides, sizeOf } from '@surprisal/tensor/backend'
import type { Operand } from './operand.ts'

/** An operand and a dense result as lines along a dim. */
export interface Lines {
  /** The shape without the dim. */
  readonly across: readonly number[]
  readonly count: number
  /** Elements of a line of the operand. */
  readonly length: number
  /** Where lines begin, over `across`, and the stride along them. */
  readonly from: Access
  readonly fromStride: number
  readonly to: Access
  readonly toStride: number
}

/** @param places elements of a line of the result */
export function linesOf({ map }: Operand, dim: number, places: number = map.shape[dim]): Lines {
  const others = <T>(list: readonly T[]): T[] => list.filter((_, d) => d !== dim)
  const dense = contiguousStrides(map.shape.map((size, d) => (d === dim ? places : size)))
  const across = others(map.shape)
  return {
    across,
    count: sizeOf(across),
    length: map.shape[dim],
    from: { strides: others(map.strides), offset: map.offset },
    fromStride: map.strides[dim],
    to: { strides: others(dense), offset: 0 },
    toStride: dense[dim],
  }
}
