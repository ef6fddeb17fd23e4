import { accumulatorFor } from '../../wgsl/accumulator.ts'
import type { GroupKernel } from '../../wgsl/group-kernel.ts'
import type { Params } from '../../wgsl/params.ts'
import { type Sharing, sharedMemory, treeOf } from '../../wgsl/tree.ts'
import { kernelOf } from '../kernel-of.ts'
import type { Finish } from './finish.ts'
import { operandText, sumType } from './operand.ts'
import { packedDepth, packedText } from './packed.ts'
import type { Product } from './product.ts'

/** How a workgroup is used: `results` side by side, `lanes` invocations for each. */
interface Layout {
  readonly results: number
  readonly lanes: number
}

/** The depth up to which one invocation sums alone. */
const mostAlone = 16

/** Neighbouring invocations read neighbouring elements of the larger operand. */
function layoutOf({ rows, columns, a, b }: Product, depth: number): Layout {
  if (depth <= mostAlone) return { results: 64, lanes: 1 }
  const large = rows <= columns ? b : a
  return large.access.depth.at(-1)?.stride === 1 ? { results: 1, lanes: 64 } : { results: 32, lanes: 8 }
}

/** What the device has for sums of products. */
export interface DotOptions {
  /** @default none */
  readonly sharing?: Sharing
  /** Whether four steps of depth are taken at a time, as `isPacked` says. @default false */
  readonly packed?: boolean
}

/** Each result is a sum of its own, for products that have few rows or columns: operands are read in place. */
export function lowerDots(product: Product, params: Params, finish: Finish, options: DotOptions = {}): GroupKernel {
  const { sharing, packed = false } = options
  const { batch, rows, columns, dtype } = product
  const depth = packed ? packedDepth(product.depth) : product.depth
  const { results, lanes } = layoutOf(product, depth)
  const { binder } = finish
  const operands = (['a', 'b'] as const).map(name =>
    packed
      ? packedText(params, binder, name, product[name], product.depth)
      : operandText(params, binder, name, product[name], false),
  )
  const count = batch * rows * columns
  params.setUnits(count)
  const [rowsText, columnsText, depthText] = [rows, columns, depth].map(size => params.word(size))
  const to = accumulatorFor('sum', sumType(dtype) === 'f32' ? 'float32' : 'int32', 's')
  // Results of a few rows share what they read of b.
  const byRows = rows < columns
  const [fast, slow] = byRows ? [rowsText, columnsText] : [columnsText, rowsText]
  const workgroup = results * lanes
  const lines = [
    `let number = group * ${results}u + l % ${results}u;`,
    `let lane = l / ${results}u;`,
    'let live = number < p[0].x;',
    `let batch = number / (${fast} * ${slow});`,
    `let row = ${byRows ? `number % ${fast}` : `number / ${fast} % ${slow}`};`,
    `let column = ${byRows ? `number / ${fast} % ${slow}` : `number % ${fast}`};`,
    'let aBase = aBatch(batch) + aLine(row);',
    'let bBase = bBatch(batch) + bLine(column);',
    ...to.declare,
    '{ var t = 0u;',
    `for (var k = lane; k < select(0u, ${depthText}, live); k += ${lanes}u) {`,
    ...to.take(
      packed ? 'dot4I8Packed(aFour(aBase, k), bFour(bBase, k))' : '(aAt(aBase + aDepth(k)) * bAt(bBase + bDepth(k)))',
    ),
    't += 1u; } }',
    ...to.finish,
    ...(lanes > 1 ? treeOf(to, { rows: results, lanes, sharing }) : []),
    `if (live && lane == 0u) { finish((batch * ${rowsText} + row) * ${columnsText} + column, ${to.result}); }`,
  ]
  const memory = lanes > 1 ? sharedMemory([to], workgroup) : ''
  const declarations = [...operands, finish.text, memory].join('\n')
  return kernelOf({ params, binder, workgroup, groups: Math.ceil(count / results), lines, declarations })
}
