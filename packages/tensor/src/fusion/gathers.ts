import { type AffineMap, identityMap, isContiguous } from '../graph/affine.ts'
import { sameShape, sizeOf } from '../shape.ts'
import type { Read, Value } from './values.ts'

/** A gather is pushed through this many values one behind the other. */
const deepest = 8
/** Only a gather of few elements: each value on the way is computed for what is gathered, beside its other uses. */
const smallestShare = 4

type Gather = Extract<Value['node']['primitive'], { kind: 'gather' }>

/** Where a gathered value reads its source, but for what the index adds along the gathered dim. */
export function aroundIndex({ node, reads: [source] }: Value): AffineMap {
  const { dim } = node.primitive as Gather
  const strides = source.map.strides.map((stride, d) => (d === dim ? 0 : stride))
  return { shape: node.shape, strides, offset: source.map.offset, guard: null }
}

/**
 * Gathers from the operands of an elementwise expression instead of from its result, so that the result need not be in
 * memory: picking one of many log-probabilities of a row then reads one logit.
 * @returns the number of the gathered value
 */
export function pushGather(gather: Value, values: readonly Value[], add: (value: Value) => number): number {
  const { node, reads } = gather
  const [, index] = reads
  const { dim } = node.primitive as Gather
  const { shape } = node

  const push = (source: Read, depth: number): number => {
    const value = values[source.base]
    const { role, copies, position } = value
    const whole = isContiguous(source.map) && source.map.offset === 0
    const sameDims = sameShape(source.map.shape, value.node.shape)
    const few = sizeOf(shape) * smallestShare <= sizeOf(value.node.shape)
    const plain = role === 'pointwise' && !copies && isElementwise(value)
    const moves = ({ base, map }: Read): boolean =>
      values[base].role !== 'number' && map.strides[dim] !== 0 && map.shape[dim] !== 1
    // Where nothing moves along the dim, no lookup would be left to check the index.
    if (!plain || !whole || !sameDims || !few || depth === deepest || !value.reads.some(moves))
      return add({ ...gather, node: { ...node, dtype: value.node.dtype }, reads: [source, index] })
    const operands = value.reads.map((read): Read => {
      const { base, map } = read
      if (!moves(read)) {
        const strides = map.strides.map((stride, d) => (d === dim ? 0 : stride))
        return { base, map: { shape, strides, offset: map.offset, guard: null } }
      }
      const number = push({ base, map }, depth + 1)
      return { base: number, map: identityMap(shape) }
    })
    return add({ node: { ...value.node, shape }, position, role, reads: operands })
  }
  return push(reads[0], 0)
}

const isElementwise = ({ node: { primitive } }: Value): boolean =>
  primitive.kind === 'unary' || primitive.kind === 'binary' || primitive.kind === 'cast' || primitive.kind === 'select'
