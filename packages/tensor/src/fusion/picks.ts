import { identityMap } from '../graph/affine.ts'
import type { BinaryName } from '../graph/node.ts'
import { type Shape, sameShape } from '../shape.ts'
import { isPlainIota } from './trace.ts'
import type { Read, Value } from './values.ts'

/**
 * A sum of rows of which every element but one is 0 by comparison with a place, as in the gradient of picking a class,
 * is that element where the place is within the row.
 * @param add gives the number of a value
 * @returns the value itself where it is no such sum
 */
export function pickOfSum(sum: Value, values: readonly Value[], add: (value: Value) => number): Value {
  const { node, role, reads, position } = sum
  const { primitive } = node
  if (role !== 'reduce' || primitive.kind !== 'reduce' || primitive.f !== 'sum' || primitive.dims.length !== 1)
    return sum
  const [dim] = primitive.dims
  const choice = values[reads[0].base]
  const isWhole = reads[0].map.offset === 0 && sameShape(reads[0].map.shape, choice.node.shape)
  if (choice.role !== 'pointwise' || choice.copies || choice.node.primitive.kind !== 'select' || !isWhole) return sum
  const [condition, element, otherwise] = choice.reads
  const place = placeOf(values[condition.base], values, dim)
  if (!place || !isZero(values[otherwise.base]) || moves(element, dim)) return sum

  const { shape } = node
  const size = choice.node.shape[dim]
  const derive = (f: BinaryName, dtype: 'bool', operands: readonly Read[]): Read =>
    whole(
      add({
        node: { shape, dtype, op: node.op, primitive: { kind: 'binary', f } },
        position,
        role: 'pointwise',
        reads: operands,
      }),
      shape,
    )
  const number = (value: number): Read =>
    whole(
      add({
        node: { shape: [], dtype: 'int32', op: node.op, primitive: { kind: 'constant', value } },
        position,
        role: 'number',
        fixed: true,
        reads: [],
      }),
      shape,
    )
  const own = without(place, dim)
  const within = derive('logicalAnd', 'bool', [
    derive('greaterEqual', 'bool', [own, number(0)]),
    derive('less', 'bool', [own, number(size)]),
  ])
  return {
    node: { ...node, primitive: { kind: 'select' } },
    position,
    role: 'pointwise',
    reads: [
      within,
      without(element, dim),
      { ...otherwise, map: { ...otherwise.map, shape, strides: shape.map(() => 0) } },
    ],
  }
}

/** What is compared with the position along `dim`, if it is the same for all of them. */
function placeOf({ node: { primitive }, role, reads }: Value, values: readonly Value[], dim: number): Read | null {
  if (role !== 'pointwise' || primitive.kind !== 'binary' || primitive.f !== 'equal') return null
  const counts = reads.findIndex(({ base, map }) => {
    const alone = map.strides.every((stride, d) => stride === (d === dim ? 1 : 0) || map.shape[d] === 1)
    return isPlainIota(values[base].node) && values[base].role === 'pointwise' && map.offset === 0 && alone
  })
  if (counts < 0) return null
  const other = reads[1 - counts]
  return values[other.base].node.dtype === 'int32' && !moves(other, dim) ? other : null
}

const isZero = ({ role, node: { primitive } }: Value): boolean =>
  role === 'number' && primitive.kind === 'constant' && primitive.value === 0

const moves = ({ map }: Read, dim: number): boolean => map.strides[dim] !== 0 && map.shape[dim] !== 1

const without = ({ base, map }: Read, dim: number): Read => ({
  base,
  map: {
    ...map,
    shape: map.shape.filter((_, d) => d !== dim),
    strides: map.strides.filter((_, d) => d !== dim),
  },
})

const whole = (base: number, shape: Shape): Read => ({ base, map: identityMap(shape) })
