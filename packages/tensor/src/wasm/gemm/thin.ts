import type { Lowered } from '../lowered.ts'
import { accessLists, type Dim, type GroupedAccess, isContiguousGroup } from './access.ts'
import { depthBlockOf, evenly, type ProductSizes } from './blocking.ts'
import type { ContractOptions } from './contract.ts'
import { layout, ProductBlock, wholeProduct } from './layout.ts'
import { type LinesShape, writeLines } from './lines.ts'
import { type Output, planKey, withEpilogue } from './output.ts'
import { tableBytes, writeRuns } from './runs.ts'
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

/** Depth up to which runs are read: one block. */
const runsDepth = 512

/** Elements of the other operand that a unit reads. */
const unitElements = 65536

interface Thin {
  readonly kernel: 'lines' | 'scaled rows' | 'runs'
  readonly few: 'a' | 'b'
  readonly copied: boolean
}

/**
 * Which kernel reads the large operand in the order of memory, if one of the operands has few lines. All of them,
 * and panels, give the same bits.
 */
function chooseThin(a: GroupedAccess, b: GroupedAccess, { rows, columns, depth }: ProductSizes): Thin | null {
  const few = rows <= columns ? 'a' : 'b'
  const [count, many] = few === 'a' ? [rows, columns] : [columns, rows]
  if (count > fewLimit) return null
  const [small, large] = few === 'a' ? [a, b] : [b, a]
  const along = isAlong(small.depth)
  const shallow = depth < leastDepth
  const worthwhile = !shallow && depth * many >= leastElements
  if (worthwhile && isAlong(large.depth) && (along || depth <= copyLimit))
    return { kernel: 'lines', few, copied: !along }
  const beside = isContiguousGroup(large.line) && many >= 16
  if (worthwhile && beside) return { kernel: 'scaled rows', few, copied: true }
  const inRuns = isRuns(large.line) || (shallow && beside)
  if (inRuns && few === 'a' && depth > 0 && depth <= runsDepth) return { kernel: 'runs', few, copied: true }
  return null
}

/** Whether steps of depth lie along memory, for a line of the cache or more at a time. */
const isAlong = (dims: readonly Dim[]): boolean =>
  isContiguousGroup(dims) || (dims.at(-1)!.stride === 1 && dims.at(-1)!.size >= 16)

/** Whether lines lie side by side, or every other element, for a vector or more, and then again elsewhere. */
function isRuns(dims: readonly Dim[]): boolean {
  const { size, stride } = dims.at(-1) ?? { size: 0, stride: 0 }
  return (stride === 1 || stride === 2) && size >= 4 && (dims.length > 1 || (stride === 2 && size >= 16))
}

/** How long the runs of a group are: those of its last dim, or where there is no other, of parts of it. */
function runLengthOf(dims: readonly Dim[]): number {
  const { size } = dims[dims.length - 1]
  if (dims.length > 1) return size
  let length = evenly(size, stretch, 4)
  // No part may be shorter than a vector.
  while (size % length > 0 && size % length < 4) length += 4
  return length
}

/** A float32 product with at most four rows or columns, bound by the memory's speed; null where panels do better. */
export function lowerThin(
  a: GroupedAccess,
  b: GroupedAccess,
  sizes: ProductSizes,
  options: ContractOptions,
  output: Output,
): Lowered | null {
  const thin = chooseThin(a, b, sizes)
  // Vectors of runs overlap, so that nothing can be added to what is there.
  if (!thin || (thin.kernel === 'runs' && options.accumulate)) return null
  const { kernel, few, copied } = thin
  const { batch, depth } = sizes
  const name = options.relaxed ? 'fused' : 'plain'
  const [count, many] = few === 'a' ? [sizes.rows, sizes.columns] : [sizes.columns, sizes.rows]
  const lines = kernel === 'lines'
  const runLength = kernel === 'runs' ? runLengthOf(b.line) : 0
  const [small, large] = few === 'a' ? [a, b] : [b, a]
  const apart = runLength > 0 && b.line.at(-1)?.stride === 2
  const width = widthOf(kernel, many, sizes, runLength, copied, options.threads)
  const columnUnits = Math.ceil(many / width)
  const depthBlock = depthBlockOf(depth, tiles[name])
  const scratch = new Scratch(kernel === 'scaled rows' ? count * stretch * 4 : 256)
  const steps = lines ? (copied ? depth : 0) : depthBlock
  const fewPlaces = scratch.operand(few, 4, steps, copied ? 4 * steps : 0)
  const manyPlaces = scratch.operand(few === 'a' ? 'b' : 'a', runLength > 0 ? 0 : width, lines ? 0 : depthBlock, 0)
  const places = { ...fewPlaces, ...manyPlaces } as Record<
    'aLines' | 'aSteps' | 'aPanels' | 'bLines' | 'bSteps' | 'bPanels',
    number
  >
  const sums = runLength > 0 ? scratch.take(tableBytes(width / runLength, runLength) / 4) : 0
  const numbers = {
    ...wholeProduct,
    ...places,
    sums,
    outColumns: sizes.columns,
    runLength: lines ? (large.depth.at(-1)?.size ?? 1) : runLength,
    fewRunLength: small.depth.at(-1)?.size ?? 1,
    rows: count,
    columns: many,
    depth,
    depthBlock,
    rowBlock: count,
    unitRows: count,
    unitColumns: width,
    rowUnits: 1,
    columnUnits,
    rowBytes: few === 'a' ? many * 4 : 4,
    columnBytes: few === 'a' ? 4 : count * 4,
    entryBytes: count * many * 4,
    accumulate: Number(options.accumulate ?? false),
    aOffset: a.offset * 4,
    bOffset: b.offset * 4,
  }
  const runsOfFew = lines && !copied && !isContiguousGroup(small.depth)
  const runsOfMany = lines && !isContiguousGroup(large.depth)
  const shape: LinesShape = { few, count, copied, runsOfFew, runsOfMany }
  const ways = [
    copied ? ' copied' : '',
    apart ? ', every other' : '',
    runsOfMany ? ', in runs' : '',
    runsOfFew ? ', the few in runs' : '',
  ].join('')
  const product: Lowered = {
    phases: [
      {
        key: `${kernel} ${name}, ${count} of ${few}${ways}${planKey(output.plan)}`,
        write: code => {
          const block = new ProductBlock(code, output.plan)
          if (lines) writeLines(block, tiles[name], shape)
          else if (runLength > 0) writeRuns(block, tiles[name], { count, stride: apart ? 2 : 1 })
          else writeScaledRows(block, tiles[name], shape)
        },
        words: layout.fill(numbers, { ...accessLists('a', a, 4), ...accessLists('b', b, 4) }),
        units: batch * columnUnits,
        unitCost: 100 + Math.min(width, many) * depth * 0.3,
        scratchBytes: scratch.bytes,
      },
    ],
    workspaceBytes: 0,
  }
  return withEpilogue(product, output, batch * count * many)
}

/** How many lines of the large operand a unit takes. */
function widthOf(
  kernel: Thin['kernel'],
  many: number,
  { batch, depth }: ProductSizes,
  runLength: number,
  copied: boolean,
  threads: number,
): number {
  if (kernel === 'lines') return evenly(many, Math.max(Math.floor(unitElements / depth), copied ? 64 : 16), 16)
  const wanted = Math.ceil((threads * 4) / batch)
  if (kernel === 'runs') return evenly(many, Math.max(Math.ceil(many / wanted), stretch), runLength)
  return evenly(many, threads > 1 ? Math.min(Math.max(Math.ceil(many / wanted), 128), stretch) : stretch, 4)
}
