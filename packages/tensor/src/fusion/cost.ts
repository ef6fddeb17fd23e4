import { bytesPerElement } from '../dtype.ts'
import type { AffineMap } from '../graph/affine.ts'
import type { BinaryName, UnaryName } from '../graph/node.ts'
import { sizeOf } from '../shape.ts'
import type { Value } from './values.ts'

const cheapUnary = new Set<UnaryName>([
  'neg',
  'abs',
  'sign',
  'reciprocal',
  'sqrt',
  'floor',
  'ceil',
  'round',
  'trunc',
  'bitwiseNot',
  'logicalNot',
  'isnan',
  'isfinite',
  'isinf',
])

const costlyBinary = new Set<BinaryName>(['floorDivide', 'remainder', 'fmod', 'pow', 'atan2', 'hypot', 'logaddexp'])

/** Whether a value takes many instructions an element: a transcendental function, random bits, a lookup. */
export function isCostly({ node: { primitive }, copies }: Value): boolean {
  if (copies) return false
  switch (primitive.kind) {
    case 'unary':
      return !cheapUnary.has(primitive.f)
    case 'binary':
      return costlyBinary.has(primitive.f)
    case 'random':
    case 'gather':
      return true
    default:
      return false
  }
}

/**
 * Whether it is cheaper to compute a value again than to store and read it: a plain instruction over at most one value
 * in memory of its size.
 */
export function isCheap(value: Value, values: readonly Value[]): boolean {
  if (value.role !== 'pointwise' || value.node.dtype === 'float16' || isCostly(value)) return false
  const loads = value.reads.filter(
    ({ base, map }) => values[base].role !== 'number' && elementsOf(map) * 8 > sizeOf(map.shape),
  )
  return loads.length <= 1
}

/** Bytes of a value's elements. */
export const bytesOf = ({ node: { shape, dtype } }: Value): number => sizeOf(shape) * bytesPerElement[dtype]

/** How many elements a read meets, each counted once. */
const elementsOf = ({ shape, strides }: AffineMap): number => sizeOf(shape.filter((_, d) => strides[d] !== 0))
