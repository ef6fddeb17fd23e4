import { identityMap } from '../graph/affine.ts'
import { longestRow } from './draft.ts'
import type { Value } from './values.ts'

/**
 * A reduction of more elements than a row may have, over several dims, is two: of the trailing dims, which can be part
 * of the kernel that makes the elements and has many rows for threads to share, and of what that leaves.
 * @param add gives the number of a value
 */
export function inStages(value: Value, add: (value: Value) => number): Value {
  const { node, reads, role } = value
  const { primitive } = node
  if (role !== 'reduce' || primitive.kind !== 'reduce' || primitive.f === 'argmax' || primitive.f === 'argmin')
    return value
  const { shape } = reads[0].map
  const { dims } = primitive
  if (dims.reduce((size, d) => size * shape[d], 1) <= longestRow) return value
  let from = shape.length
  let columns = 1
  while (from > 0 && dims.includes(from - 1) && columns * shape[from - 1] <= longestRow) {
    from -= 1
    columns *= shape[from]
  }
  const others = dims.filter(d => d < from)
  if (columns === 1 || others.length === 0) return value
  const inner = dims.filter(d => d >= from)
  const left = shape.slice(0, from)
  const rows = add({ ...value, node: { ...node, shape: left, primitive: { ...primitive, dims: inner } } })
  return {
    ...value,
    node: { ...node, primitive: { ...primitive, dims: others } },
    reads: [{ base: rows, map: identityMap(left) }],
  }
}
