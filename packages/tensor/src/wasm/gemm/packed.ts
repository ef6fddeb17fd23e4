import { bytesPerElement, type DType } from '../../dtype.ts'
import type { Lowered, Phase } from '../lowered.ts'
import { accessLists, type GroupedAccess } from './access.ts'
import { blockProduct, evenly, type ProductSizes, roundUp } from './blocking.ts'
import type { ContractOptions, ContractSpec } from './contract.ts'
import { layout, ProductBlock } from './layout.ts'
import { writeMultiply } from './multiply.ts'
import { type Output, planKey, withEpilogue } from './output.ts'
import { writePackPhase } from './pack-phase.ts'
import { cutParts, type Part, packedSteps } from './parts.ts'
import { Scratch } from './scratch.ts'
import { sourceOf } from './source.ts'
import { type TileName, tiles } from './tile.ts'

/** Columns whose sums a unit keeps until they are finished. */
const keptColumns = 1024

/** Columns that one unit of packing takes. */
const packColumns = 64

const isByte = (dtype: DType): boolean => bytesPerElement[dtype] === 1

function chooseTile(spec: ContractSpec, relaxed: boolean): TileName {
  if (spec.dtype === 'float32') return relaxed ? 'fused' : 'plain'
  return spec.operands.every(isByte) ? 'pairs' : 'integer'
}

/**
 * The product by packed panels: in one phase whose units pack their own columns of b, or with b packed by a phase
 * before, part by part. An epilogue is done by each unit, unless the depth is cut into parts.
 */
export function lowerPacked(
  a: GroupedAccess,
  b: GroupedAccess,
  sizes: ProductSizes,
  spec: ContractSpec,
  options: ContractOptions,
  output: Output,
): Lowered {
  const name = chooseTile(spec, options.relaxed)
  const tile = tiles[name]
  const [sourceA, sourceB] = spec.operands.map(dtype => sourceOf(dtype, tile.pair))
  const blocking = blockProduct(sizes, tile, options.threads)
  const { batch, rows, columns, depth } = sizes
  const { depthBlock, rowBlock, unitRows, ownColumns } = blocking
  const parts = ownColumns
    ? [{ firstEntry: 0, entries: batch, firstColumn: 0, columns, firstDepth: 0, depth, packedBytes: 0 }]
    : cutParts(sizes, blocking, tile)
  const panelBytes = roundUp(Math.max(...parts.map(part => part.entries * part.packedBytes)), 64)
  const epilogue = parts.every(part => part.firstDepth === 0 && part.depth === depth) ? output.epilogue : null
  const keepsRows = depth > depthBlock
  const unitColumns = epilogue
    ? Math.min(blocking.unitColumns, evenly(columns, keptColumns, tile.columns))
    : blocking.unitColumns

  const scratch = new Scratch(tile.rows * tile.columns * 4)
  const packed = packedSteps(depthBlock, tile)
  const places = {
    ...scratch.operand('a', rowBlock, depthBlock, rowBlock * packed),
    ...scratch.operand('b', unitColumns, depthBlock, ownColumns ? unitColumns * packed : 0),
    sums: epilogue ? scratch.take((keepsRows ? unitRows : rowBlock) * unitColumns) : 0,
  }
  const rowUnits = Math.ceil(rows / unitRows)
  const lists = { ...accessLists('a', a, sourceA.bytes), ...accessLists('b', b, sourceB.bytes) }
  const phase = (
    part: Part,
    width: number,
    rest: Pick<Phase, 'key' | 'write' | 'unitCost'>,
    rowUnits: number,
  ): Phase => {
    const columnUnits = Math.ceil(part.columns / width)
    const numbers = {
      ...part,
      ...places,
      rows,
      depthBlock,
      rowBlock,
      unitRows,
      unitColumns: width,
      rowUnits,
      columnUnits,
      rowBytes: (epilogue ? unitColumns : columns) * 4,
      columnBytes: 4,
      entryBytes: rows * columns * 4,
      runLength: 0,
      fewRunLength: 0,
      outPlace: panelBytes,
      outColumns: columns,
      keepsRows: Number(keepsRows),
      accumulate: Number(options.accumulate ?? false),
      aOffset: a.offset * sourceA.bytes,
      bOffset: b.offset * sourceB.bytes,
    }
    const units = part.entries * rowUnits * columnUnits
    return { ...rest, words: layout.fill(numbers, lists), units, scratchBytes: scratch.bytes }
  }
  const key = `${name} ${spec.operands}`
  const multiply = (part: Part): Phase => {
    const area = Math.min(unitRows, rows) * Math.min(unitColumns, part.columns)
    const plan = { ...output.plan, wordsBefore: epilogue?.words.length ?? 0 }
    const ways = [ownColumns ? ', columns packed by each unit' : '', epilogue ? `, then ${epilogue.key}` : '']
    const product = phase(
      part,
      unitColumns,
      {
        key: `multiply ${key}${ways.join('')}${planKey(plan)}`,
        write: code => {
          const block = new ProductBlock(code, plan)
          writeMultiply(
            block,
            tile,
            sourceA,
            ownColumns ? sourceB : null,
            epilogue && ((own, done) => epilogue.finish(own, done)),
          )
        },
        unitCost:
          100 + ((part.depth - part.firstDepth) * area) / (tile.pair * 32) + (epilogue?.elementCost ?? 0) * area,
      },
      rowUnits,
    )
    return epilogue ? { ...product, words: Int32Array.of(...epilogue.words, ...product.words) } : product
  }
  const width = Math.min(unitColumns, packColumns)
  const pack = (part: Part): Phase => {
    const rest: Pick<Phase, 'key' | 'write' | 'unitCost'> = {
      key: `pack ${key}${planKey(output.plan)}`,
      write: code => writePackPhase(new ProductBlock(code, output.plan), tile, sourceB),
      unitCost: 50 + (part.depth - part.firstDepth) * Math.min(width, part.columns) * 0.4,
    }
    return phase(part, width, rest, 1)
  }
  const product = {
    phases: parts.flatMap(part => (ownColumns ? [multiply(part)] : [pack(part), multiply(part)])),
    workspaceBytes: panelBytes,
  }
  return epilogue ? product : withEpilogue(product, output, batch * rows * columns)
}
