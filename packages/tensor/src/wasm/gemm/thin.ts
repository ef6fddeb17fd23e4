import type { Code } from '../code.ts'
import type { Lowered } from '../lowered.ts'
import { accessLists, type GroupedAccess, isContiguousGroup } from './access.ts'
import { evenly, type ProductSizes } from './blocking.ts'
import type { ContractOptions } from './contract.ts'
import { type ThinShape, writeDot } from './dot.ts'
import { layout } from './layout.ts'
import { stretch, writeScaledRows } from './scaled-rows.ts'
import { Scratch } from './scratch.ts'
import { tiles } from './tile.ts'

/** Lines of a thin operand at most. */
const fewLimit = 4

/** A product below this depth, or with less to read, is left to panels. */
const leastDepth = 8
const leastElements = 512

/** Depth up to which the few lines are copied to lie along memory. */
const copyLimit = 8192

/** Elements of the other operand that a unit reads. */
const unitElements = 65536

const rowsDepth = 512

interface Thin {
  readonly kernel: 'dot' | 'scaled rows'
  readonly few: 'a' | 'b'
  readonly copied: boolean
}

/** Which kernel reads the large operand in the order of memory, if one of the operands has few lines. */
function chooseThin(a: GroupedAccess, b: GroupedAccess, { rows, columns, depth }: ProductSizes): Thin | null {
  if (depth < leastDepth || depth * Math.max(rows, columns) < leastElements) return null
  const few = rows <= columns ? 'a' : 'b'
  const count = Math.min(rows, columns)
  if (count > fewLimit) return null
  const [small, large] = few === 'a' ? [a, b] : [b, a]
  const along = isContiguousGroup(small.depth)
  if (isContiguousGroup(large.depth) && (along || depth <= copyLimit)) return { kernel: 'dot', few, copied: !along }
  if (isContiguousGroup(large.line) && Math.max(rows, columns) >= 16)
    return { kernel: 'scaled rows', few, copied: true }
  return null
}

/** A float32 product with at most four rows or columns, bound by the memory's speed; null where panels do better. */
export function lowerThin(
  a: GroupedAccess,
  b: GroupedAccess,
  sizes: ProductSizes,
  options: ContractOptions,
): Lowered | null {
  const thin = chooseThin(a, b, sizes)
  if (!thin) return null
  const { kernel, few, copied } = thin
  const { batch, depth } = sizes
  const [count, many] = few === 'a' ? [sizes.rows, sizes.columns] : [sizes.columns, sizes.rows]
  const dot = kernel === 'dot'
  const share = Math.max(Math.floor(unitElements / depth), copied && dot ? 64 : 4)
  const wanted = Math.ceil((options.threads * 4) / batch)
  const width = dot
    ? evenly(many, share, 4)
    : evenly(many, options.threads > 1 ? Math.min(Math.max(Math.ceil(many / wanted), 128), stretch) : stretch, 4)
  const columnUnits = Math.ceil(many / width)
  const depthBlock = dot ? depth : evenly(depth, rowsDepth, 4)
  const scratch = new Scratch(dot ? 64 : count * stretch * 4)
  const fewPlaces = scratch.operand(few, 4, depthBlock, copied ? 4 * depthBlock : 0)
  const manyPlaces = scratch.operand(few === 'a' ? 'b' : 'a', width, dot ? 0 : depthBlock, 0)
  const places = { ...fewPlaces, ...manyPlaces } as Record<
    'aLines' | 'aSteps' | 'aPanels' | 'bLines' | 'bSteps' | 'bPanels',
    number
  >
  const numbers = {
    ...places,
    rows: count,
    columns: many,
    firstDepth: 0,
    depth,
    depthBlock,
    rowBlock: count,
    unitRows: count,
    unitColumns: width,
    rowUnits: 1,
    columnUnits,
    firstEntry: 0,
    firstColumn: 0,
    rowBytes: few === 'a' ? many * 4 : 4,
    columnBytes: few === 'a' ? 4 : count * 4,
    entryBytes: count * many * 4,
    packedBytes: 0,
    aOffset: a.offset * 4,
    bOffset: b.offset * 4,
  }
  const name = options.relaxed ? 'fused' : 'plain'
  const shape: ThinShape = { few, count, copied }
  const write = dot ? writeDot : writeScaledRows
  return {
    phases: [
      {
        key: `${kernel} ${name}, ${count} of ${few}${copied ? ' copied' : ''}`,
        write: (code: Code) => write(code, tiles[name], shape),
        words: layout.fill(numbers, { ...accessLists('a', a, 4), ...accessLists('b', b, 4) }),
        units: batch * columnUnits,
        unitCost: 100 + Math.min(width, many) * depth * 0.3,
        scratchBytes: scratch.bytes,
      },
    ],
    workspaceBytes: 0,
  }
}
