import type { Primitive } from '../../graph/node.ts'
import type { Kernel } from '../../plan.ts'
import type { ElementArray, KernelFunction, KernelOperand } from '../../reference/kernel-function.ts'
import { sizeOf } from '../../shape.ts'

/*
 * How far a correct executor may be from the oracle in one primitive of equal operands: a margin per element, 0 where
 * the result is exact.
 */

/** Eight units in the last place, a little more than the loosest function of the op table may err. */
const function8 = 2 ** -20
const tiny = 2 ** -147

/** Unary functions that are exact or correctly rounded: any two executors agree to the bit. */
const exactUnary = new Set(
  'neg abs sign sqrt reciprocal floor ceil round trunc bitwiseNot logicalNot isnan isfinite isinf normalFromBits'.split(
    ' ',
  ),
)
const inexactBinary = new Set(['pow', 'atan2', 'hypot', 'logaddexp'])

/** The part of a primitive's margin that its kind decides. */
type Kind = 'exact' | 'function' | 'sum' | 'product'

function kindOf(primitive: Primitive): Kind {
  switch (primitive.kind) {
    case 'unary':
      return exactUnary.has(primitive.f) ? 'exact' : 'function'
    case 'binary':
      return inexactBinary.has(primitive.f) ? 'function' : 'exact'
    case 'reduce':
    case 'scan':
      if (primitive.f === 'logsumexp') return 'function'
      return primitive.f === 'sum' ? 'sum' : primitive.f === 'prod' ? 'product' : 'exact'
    case 'scatter':
      return primitive.f === 'add' ? 'sum' : primitive.f === 'mul' ? 'product' : 'exact'
    case 'put':
      return primitive.f === 'add' ? 'sum' : 'exact'
    case 'contract':
    case 'fold':
      return 'sum'
    case 'host':
      return 'function'
    default:
      return 'exact'
  }
}

export const isExact = ({ primitive, dtype }: Kernel): boolean =>
  (dtype !== 'float32' && dtype !== 'float16') || kindOf(primitive) === 'exact'

/** The largest power of two that all elements are multiples of; Infinity where all are 0. */
export function gridOf(data: ElementArray): number {
  let grid = Number.POSITIVE_INFINITY
  for (const x of data) {
    if (x === 0 || !Number.isFinite(x)) continue
    let unit = Math.min(grid, 2 ** Math.floor(Math.log2(Math.abs(x))))
    while (x % unit !== 0) unit /= 2
    grid = unit
  }
  return grid
}

function largestOf(data: ElementArray): number {
  let largest = 0
  for (const x of data) if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x))
  return largest
}

/** Functions err in proportion to their result, or to the largest part where parts of both signs meet. */
function functionMargins({ primitive }: Kernel, operands: readonly KernelOperand[], out: Float64Array): Float64Array {
  const name = 'f' in primitive ? primitive.f : ''
  const absolute = name === 'erf' || name === 'erfc' ? 2 ** -23 : tiny
  const floor = name === 'logaddexp' || name === 'logsumexp' ? Math.max(...operands.map(x => largestOf(x.data)), 1) : 0
  return out.map(x => (Number.isFinite(x) ? function8 * Math.max(Math.abs(x), floor) + absolute : 0))
}

/** How many terms meet in one element at the most. */
function termsOf({ primitive, shape }: Kernel, operands: readonly KernelOperand[]): number {
  const size = Math.max(1, sizeOf(shape))
  switch (primitive.kind) {
    case 'contract':
      return operands[0].map.shape[2]
    case 'scan':
      return shape[primitive.dim]
    case 'reduce':
      return sizeOf(operands[0].map.shape) / size
    default:
      return sizeOf(operands[operands.length - 1].map.shape) + 1
  }
}

/**
 * A sum errs in proportion to the sum of the sizes of its terms, which the same kernel gives for positive operands.
 * It is exact in every order where that stays below 2^24 units of the grid on which all terms stand.
 */
function sumMargins(
  base: KernelFunction,
  kernel: Kernel,
  operands: readonly KernelOperand[],
  out: Float64Array,
): Float64Array {
  const isFloat = ({ dtype }: KernelOperand) => dtype === 'float32' || dtype === 'float16'
  const sizes = new Float64Array(out.length)
  base(
    kernel,
    operands.map(x => (isFloat(x) ? { ...x, data: Float64Array.from(x.data, Math.abs) } : x)),
    sizes,
  )
  const grids = operands.filter(isFloat).map(x => gridOf(x.data))
  const grid = kernel.primitive.kind === 'contract' ? grids[0] * grids[1] : Math.min(...grids)
  const unit = 2 ** -24 * (4 + 2 * Math.sqrt(termsOf(kernel, operands)))
  return sizes.map((size, i) =>
    !Number.isFinite(out[i]) || size <= 2 ** 24 * grid ? 0 : size > 2 ** 120 ? Number.NaN : unit * size,
  )
}

/** A product errs in every factor; its parts may leave the range where the whole does not (NaN: anything). */
function productMargins(kernel: Kernel, operands: readonly KernelOperand[], out: Float64Array): Float64Array {
  const terms = termsOf(kernel, operands)
  const data = operands.filter(x => x.dtype === 'float32' || x.dtype === 'float16').map(x => x.data)
  const largest = Math.max(...data.map(largestOf))
  const grid = Math.min(...data.map(gridOf))
  if (terms * Math.log2(largest / grid) <= 24 && terms * Math.abs(Math.log2(grid)) < 100) return out.map(() => 0)
  const wild = terms * Math.log2(Math.max(1, largest)) > 120 || terms * Math.log2(Math.min(1, grid)) < -120
  return out.map(x => (wild ? Number.NaN : Number.isFinite(x) ? terms * 2 ** -23 * Math.abs(x) + tiny : 0))
}

/** The margins of a kernel that is not exact, around the float64 results in `out`. */
export function marginsOf(
  base: KernelFunction,
  kernel: Kernel,
  operands: readonly KernelOperand[],
  out: Float64Array,
): Float64Array {
  switch (kindOf(kernel.primitive)) {
    case 'sum':
      return sumMargins(base, kernel, operands, out)
    case 'product':
      return productMargins(kernel, operands, out)
    default:
      return functionMargins(kernel, operands, out)
  }
}
