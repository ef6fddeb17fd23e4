import { binary, constant } from '../../primitive.ts'
import { leaf, type Tensor } from '../../tensor.ts'
import { reshapeView } from './views.ts'

/** The products of counts along each spatial dim, as a float32 tensor that broadcasts over the grid of windows. */
export function countsTensor(op: string, counts: readonly (readonly number[])[]): Tensor {
  const uneven = counts.flatMap((list, d) => (list.some(count => count !== list[0]) ? [d] : []))
  const common = counts.reduce((product, list, d) => (uneven.includes(d) ? product : product * (list[0] ?? 1)), 1)
  return uneven.reduce(
    (product, d) => {
      const along = leaf(op, Float32Array.from(counts[d]), 'float32', [counts[d].length])
      const shape = counts.map((list, other) => (other === d ? list.length : 1))
      return binary(op, 'mul', product, reshapeView(op, along, shape))
    },
    constant(op, common, 'float32'),
  )
}
