import type { Local } from '../code.ts'
import { parameters } from './block.ts'
import type { ProductBlock } from './layout.ts'
import { advance, smaller, whileBelow } from './loops.ts'
import { OperandCode } from './operand.ts'
import { sourceOf } from './source.ts'
import type { Tile } from './tile.ts'
import { takeShare } from './units.ts'

/** How many rows of a there are, and how many elements lie between neighbours of a run. */
export interface RunsShape {
  readonly count: number
  readonly stride: 1 | 2
}

/** Vectors of columns whose sums are in registers together, by the number of rows. */
const vectorsOf = (count: number): number => [6, 6, 4, 3][count - 1]

/** The first of every two lanes of a pair of vectors. */
const even = [0, 2, 4, 6].flatMap(lane => [0, 1, 2, 3].map(byte => lane * 4 + byte))

/** Bytes of the table of vectors that some runs make. */
export const tableBytes = (runs: number, runLength: number): number => 8 * (runs * Math.ceil(runLength / 4) + 6)

/**
 * Writes the phase of a product with one to four rows of a, and columns of b in runs of at least four that lie beside
 * one another in memory, such as the windows of one channel of an image. Nothing of b is packed: for some vectors of
 * columns after the other, all steps of depth are read where they are. The last vector of a run overlaps with the one
 * before. A unit is some whole runs in one entry of the batch.
 */
export function writeRuns(block: ProductBlock, tile: Tile, { count, stride }: RunsShape): void {
  const { code } = block
  const float = sourceOf('float32', 1)
  const rows = new OperandCode(block, 'a', float, 4)
  const columns = new OperandCode(block, 'b', float, 4)
  const locals = Array.from({ length: 14 }, () => code.local('i32'))
  const [unit, first, columnCount, spare, depth, zero, panel, end, at, out, runLength, run, to, table] = locals
  const vectors = vectorsOf(count)

  block.get('depth').set(depth)
  block.get('runLength').set(runLength)
  block.get('aPanels').get(parameters.scratch).op('i32.add').set(panel)
  block.get('sums').get(parameters.scratch).op('i32.add').set(table)
  whileBelow(code, parameters.begin, parameters.end, 1, () => {
    code.get(parameters.begin).set(unit)
    takeShare(block, unit, 'columns', first, columnCount, spare)
    rows.enter(unit)
    code.i32(count).set(spare)
    rows.takeLines(zero, spare)
    rows.takeSteps(zero, depth)
    rows.pack(spare, depth, depth, panel)
    columns.enter(unit)
    columns.takeSteps(zero, depth)
    block.pointer('out').get(unit)
    block.get('entryBytes').op('i32.mul').op('i32.add').get(first).i32(4).op('i32.mul').op('i32.add').set(out)
    code.get(first).get(columnCount).op('i32.add').set(end)
    code.get(table).set(to)
    whileBelow(code, first, end, [runLength], () => {
      columns.find(first, at)
      code.get(end).get(first).op('i32.sub').set(spare)
      smaller(code, spare, runLength).set(run)
      tabulateRun(block, stride, { at, out, run, to })
    })
    // What the last turn lacks is done twice.
    code.get(to).set(end)
    for (let i = 1; i < vectors; i++) {
      code.get(to).get(to).i32(8).op('i32.sub').memory('i64.load').memory('i64.store')
      advance(code, to, 8)
    }
    code.get(table).set(to)
    whileBelow(code, to, end, vectors * 8, () => {
      writeVectors(block, tile, { count, stride, vectors }, { panel, steps: columns.steps, depth, to })
    })
  })
}

/** Appends addresses of a run's vectors and of their results to the table; moves `out` behind the run. */
function tabulateRun(
  { code }: ProductBlock,
  stride: number,
  { at, out, run, to }: { at: Local; out: Local; run: Local; to: Local },
): void {
  const [column, last] = [code.local('i32'), code.local('i32')]
  code.i32(0).set(column).get(run).i32(4).op('i32.sub').set(last)
  code.loop(next => {
    const entry = (base: Local, bytes: number, offset: number) =>
      code.get(to).get(column).i32(bytes).op('i32.mul').get(base).op('i32.add').memory('i32.store', offset)
    entry(at, 4 * stride, 0)
    entry(out, 4, 4)
    advance(code, to, 8)
    code.get(column).get(last).op('i32.lt_s')
    advance(code, column, 4)
    smaller(code, column, last).set(column)
    code.branchIf(next)
  })
  code.get(out).get(run).i32(4).op('i32.mul').op('i32.add').set(out)
}

interface VectorsLocals {
  readonly panel: Local
  readonly steps: Local
  readonly depth: Local
  /** Entry of the table. */
  readonly to: Local
}

/** Computes the vectors that the table names. */
function writeVectors(
  block: ProductBlock,
  tile: Tile,
  { count, stride, vectors }: RunsShape & { vectors: number },
  { panel, steps, depth, to }: VectorsLocals,
): void {
  const { code } = block
  const vector = () => code.local('v128')
  const columns = Array.from({ length: vectors }, (_, v) => {
    const at = code.local('i32')
    code
      .get(to)
      .memory('i32.load', v * 8)
      .set(at)
    return { at, sums: Array.from({ length: count }, vector) }
  })
  const factors = Array.from({ length: count }, vector)
  const value = vector()
  const [step, factorAt, offset, left, out] = Array.from({ length: 5 }, () => code.local('i32'))
  for (const { sums } of columns) for (const sum of sums) code.i32x4(0).set(sum)
  code.get(panel).set(factorAt).get(steps).set(step).get(depth).set(left)
  code.repeat(left, () => {
    code.get(step).memory('i32.load').set(offset)
    factors.forEach((factor, f) => {
      code
        .get(factorAt)
        .memory('v128.load32_splat', f * 4)
        .set(factor)
    })
    for (const { at, sums } of columns) {
      code.get(at).get(offset).op('i32.add')
      if (stride === 1) code.memory('v128.load')
      else {
        code.memory('v128.load').get(at).get(offset).op('i32.add').memory('v128.load', 16)
        code.shuffle(even)
      }
      code.set(value)
      sums.forEach((sum, f) => {
        code.get(factors[f]).get(value)
        tile.multiplyAdd(code, sum).set(sum)
      })
    }
    advance(code, step, 4)
    advance(code, factorAt, 16)
  })
  columns.forEach(({ sums }, v) => {
    code
      .get(to)
      .memory('i32.load', v * 8 + 4)
      .set(out)
    sums.forEach((sum, f) => {
      if (f > 0) block.get('rowBytes').get(out).op('i32.add').set(out)
      code.get(out).get(sum).memory('v128.store')
    })
  })
}
