import type { Lowered } from '../lowered.ts'
import { accessLists, type GroupedAccess, isContiguousGroup } from './access.ts'
import type { ProductSizes } from './blocking.ts'
import type { ContractOptions } from './contract.ts'
import { type DotShape, dotBlock, writeDot } from './dot.ts'
import { layout, ProductBlock, wholeProduct } from './layout.ts'
import { type Output, planKey, withEpilogue } from './output.ts'
import { Scratch } from './scratch.ts'
import { tiles } from './tile.ts'

/** Lines of both operands at most. */
const fewLimit = 4

/** A product below this depth is as well done like any other. */
const leastDepth = 128

/** Whether the sums of a product are so few that their depth is spread over lanes, which is another order of adding. */
export const isFew = ({ rows, columns, depth }: ProductSizes): boolean =>
  rows <= fewLimit && columns <= fewLimit && depth >= leastDepth

/** A float32 product for which {@link isFew} holds. */
export function lowerFew(
  a: GroupedAccess,
  b: GroupedAccess,
  sizes: ProductSizes,
  options: ContractOptions,
  output: Output,
): Lowered {
  const { batch, rows, columns, depth } = sizes
  const name = options.relaxed ? 'fused' : 'plain'
  const shape: DotShape = {
    rows,
    columns,
    copiesA: !isContiguousGroup(a.depth),
    copiesB: !isContiguousGroup(b.depth),
  }
  const scratch = new Scratch(0)
  const place = <Name extends 'a' | 'b'>(operand: Name, copies: boolean) =>
    scratch.operand(operand, 4, copies ? dotBlock : 0, copies ? 4 * dotBlock : 0)
  const numbers = {
    ...wholeProduct,
    outColumns: columns,
    ...place('a', shape.copiesA),
    ...place('b', shape.copiesB),
    rows,
    columns,
    depth,
    depthBlock: dotBlock,
    rowBlock: rows,
    unitRows: rows,
    unitColumns: columns,
    rowUnits: 1,
    columnUnits: 1,
    rowBytes: columns * 4,
    columnBytes: 4,
    entryBytes: rows * columns * 4,
    accumulate: Number(options.accumulate ?? false),
    aOffset: a.offset * 4,
    bOffset: b.offset * 4,
  }
  const copied = [shape.copiesA && 'a', shape.copiesB && 'b'].filter(Boolean)
  const way = copied.length > 0 ? `, ${copied.join(' and ')} copied` : ''
  const product: Lowered = {
    phases: [
      {
        key: `dot ${name}, ${rows} by ${columns}${way}${planKey(output.plan)}`,
        write: code => writeDot(new ProductBlock(code, output.plan), tiles[name], shape),
        words: layout.fill(numbers, { ...accessLists('a', a, 4), ...accessLists('b', b, 4) }),
        units: batch,
        unitCost: 50 + (rows + columns) * depth * 0.3,
        scratchBytes: scratch.bytes,
      },
    ],
    workspaceBytes: 0,
  }
  return withEpilogue(product, output, batch * rows * columns)
}
