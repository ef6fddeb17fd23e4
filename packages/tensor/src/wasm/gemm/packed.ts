import { bytesPerElement, type DType } from '../../dtype.ts'
import type { Code } from '../code.ts'
import type { Lowered, Phase } from '../lowered.ts'
import { accessLists, type GroupedAccess } from './access.ts'
import { blockProduct, type ProductSizes } from './blocking.ts'
import type { ContractOptions, ContractSpec } from './contract.ts'
import { layout } from './layout.ts'
import { writeMultiply } from './multiply.ts'
import { writePackPhase } from './pack-phase.ts'
import { cutParts, type Part, packedSteps } from './parts.ts'
import { Scratch } from './scratch.ts'
import { sourceOf } from './source.ts'
import { type TileName, tiles } from './tile.ts'

/** Columns that one unit of packing takes. */
const packColumns = 64

const isByte = (dtype: DType): boolean => bytesPerElement[dtype] === 1

function chooseTile(spec: ContractSpec, relaxed: boolean): TileName {
  if (spec.dtype === 'float32') return relaxed ? 'fused' : 'plain'
  return spec.operands.every(isByte) ? 'pairs' : 'integer'
}

/**
 * The product by packed panels: in one phase whose units pack their own columns of b, or with b packed by a phase
 * before, part by part.
 */
export function lowerPacked(
  a: GroupedAccess,
  b: GroupedAccess,
  sizes: ProductSizes,
  spec: ContractSpec,
  options: ContractOptions,
): Lowered {
  const name = chooseTile(spec, options.relaxed)
  const tile = tiles[name]
  const [sourceA, sourceB] = spec.operands.map(dtype => sourceOf(dtype, tile.pair))
  const blocking = blockProduct(sizes, tile, options.threads)
  const { batch, rows, columns, depth } = sizes
  const { depthBlock, rowBlock, unitRows, unitColumns, ownColumns } = blocking

  const scratch = new Scratch(tile.rows * tile.columns * 4)
  const packed = packedSteps(depthBlock, tile)
  const places = {
    ...scratch.operand('a', rowBlock, depthBlock, rowBlock * packed),
    ...scratch.operand('b', unitColumns, depthBlock, ownColumns ? unitColumns * packed : 0),
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
      rowBytes: columns * 4,
      columnBytes: 4,
      entryBytes: rows * columns * 4,
      aOffset: a.offset * sourceA.bytes,
      bOffset: b.offset * sourceB.bytes,
    }
    const units = part.entries * rowUnits * columnUnits
    return { ...rest, words: layout.fill(numbers, lists), units, scratchBytes: scratch.bytes }
  }
  const key = `${name} ${spec.operands}`
  const multiply = (part: Part) => {
    const steps = (part.depth - part.firstDepth) * Math.min(unitRows, rows) * Math.min(unitColumns, part.columns)
    const rest = {
      key: `multiply ${key}${ownColumns ? ', columns packed by each unit' : ''}`,
      write: (code: Code) => writeMultiply(code, tile, sourceA, ownColumns ? sourceB : null),
      unitCost: 100 + steps / (tile.pair * 32),
    }
    return phase(part, unitColumns, rest, rowUnits)
  }
  if (ownColumns) {
    const all = { firstEntry: 0, entries: batch, firstColumn: 0, columns, firstDepth: 0, depth, packedBytes: 0 }
    return { phases: [multiply(all)], workspaceBytes: 0 }
  }
  const width = Math.min(unitColumns, packColumns)
  const pack = (part: Part) => {
    const rest = {
      key: `pack ${key}`,
      write: (code: Code) => writePackPhase(code, tile, sourceB),
      unitCost: 50 + (part.depth - part.firstDepth) * Math.min(width, part.columns) * 0.4,
    }
    return phase(part, width, rest, 1)
  }
  const parts = cutParts(sizes, blocking, tile)
  return {
    phases: parts.flatMap(part => [pack(part), multiply(part)]),
    workspaceBytes: Math.max(...parts.map(part => part.entries * part.packedBytes)),
  }
}
