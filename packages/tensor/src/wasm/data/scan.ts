import type { DType } from '../../dtype.ts'
import type { ScanName } from '../../graph/node.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import type { Local, ValueType } from '../code.ts'
import { Words } from '../codegen/words.ts'
import type { Lowered } from '../lowered.ts'
import { writeCombine } from './combine.ts'
import { type DataOperand, Frame, loadElement, storeElement, widthOf } from './frame.ts'
import { planLines } from './lines.ts'
import { addRunWords, eachElement, elementsPerUnit, writeRuns } from './runs.ts'
import { writeScanColumns } from './scan-columns.ts'

/** What `scan` computes: buffers x, result. */
export interface Scan {
  readonly f: ScanName
  readonly x: DataOperand
  readonly shape: Shape
  readonly dim: number
  readonly exclusive: boolean
  readonly reverse: boolean
}

/** Lines that one unit works on. */
const linesPerUnit = 16

/**
 * Running sums and products along a dim, of floats in float64, and running positions of the greatest or least.
 * @returns null where the plain loops must do it
 */
export function lowerScan(scan: Scan): Lowered | null {
  const { f, x, shape, dim, exclusive, reverse } = scan
  if (f === 'logsumexp' || x.dtype === 'float16') return null
  if (sizeOf(shape) === 0) return { phases: [], workspaceBytes: 0 }
  const positions = f === 'argmax' || f === 'argmin'
  const widths = [positions ? 4 : widthOf(x.dtype), widthOf(x.dtype)] as const
  const { runs, to, from } = planLines(x, shape, dim, widths, linesPerUnit)
  const words = new Words()
  const last = reverse ? shape[dim] - 1 : 0
  const direction = reverse ? -1 : 1
  const steps = [to * widths[0], from * widths[1]]
  const first = words.add(shape[dim], ...steps.map(step => direction * step), ...steps.map(step => last * step))
  const layout = addRunWords(words, runs)
  const columns = !positions && x.dtype === 'float32' && runs.nest.inner.every(step => step === 1)
  const phase = {
    key: `data scan ${f} ${x.dtype} ${exclusive} ${reverse} ${columns} ${layout.rank}`,
    words: words.finish(),
    units: runs.units,
    unitCost: 10 + elementsPerUnit(runs) * shape[dim] * 1.5,
    scratchBytes: 0,
    write: (code: Frame['code']) => {
      const frame = new Frame(code, 2)
      const [size, stepTo, stepFrom, lastTo, lastFrom] = [0, 1, 2, 3, 4].map(i => frame.wordLocal(first + i))
      const steps = { size, stepTo, stepFrom, lastTo, lastFrom }
      const [left, out, at] = [code.local('i32'), code.local('i32'), code.local('i32')]
      const element = positions
        ? writePositions(frame, f, x.dtype, reverse)
        : writeRunning(frame, f, x.dtype, exclusive)
      writeRuns(frame, layout, [() => frame.pointer(1), () => frame.pointer(0)], run => {
        if (columns) writeScanColumns(frame, f as 'sum' | 'prod', exclusive, steps, run)
        eachElement(code, run, () => {
          code.get(run.at[0]).get(lastTo).op('i32.add').set(out)
          code.get(run.at[1]).get(lastFrom).op('i32.add').set(at)
          code.get(size).set(left)
          element.begin(size)
          code.repeat(left, () => {
            element.next(out, at)
            code.get(out).get(stepTo).op('i32.add').set(out).get(at).get(stepFrom).op('i32.add').set(at)
          })
        })
      })
    },
  }
  return { phases: [phase], workspaceBytes: 0 }
}

/** What is done in front of each line, and for each of its elements. */
interface Line {
  begin(size: Local): void
  next(out: Local, at: Local): void
}

function writeRunning({ code }: Frame, f: ScanName, dtype: DType, exclusive: boolean): Line {
  const float = dtype === 'float32'
  const identity = f === 'sum' ? 0 : 1
  const total = code.local(float ? 'f64' : 'i32')
  const store = (out: Local): void => {
    code.get(out).get(total)
    if (float) code.op('f32.demote_f64')
    storeElement(code, dtype)
  }
  return {
    begin: () => {
      if (float) code.f64(identity).set(total)
      else code.i32(identity).set(total)
    },
    next: (out, at) => {
      if (exclusive) store(out)
      code.get(total)
      loadElement(code.get(at), dtype)
      if (float) code.op('f64.promote_f32')
      writeCombine(code, f === 'sum' ? 'add' : 'mul', dtype, true)
      code.set(total)
      if (!exclusive) store(out)
    },
  }
}

function writePositions({ code }: Frame, f: ScanName, dtype: DType, reverse: boolean): Line {
  const float = dtype === 'float32'
  const type: ValueType = float ? 'f32' : 'i32'
  const [best, value] = [code.local(type), code.local(type)]
  const [position, place] = [code.local('i32'), code.local('i32')]
  const better = f === 'argmax' ? 'gt' : 'lt'
  return {
    begin: size => {
      code.i32(-1).set(position)
      if (reverse) code.get(size).i32(1).op('i32.sub').set(place)
      else code.i32(0).set(place)
    },
    next: (out, at) => {
      loadElement(code.get(at), dtype).set(value)
      code.get(position).i32(0).op('i32.lt_s').get(value).get(best)
      code.op(float ? `f32.${better}` : `i32.${better}_s`).op('i32.or')
      // The first NaN is better than every number, and nothing is better than it.
      if (float) code.get(value).get(value).op('f32.ne').get(best).get(best).op('f32.eq').op('i32.and').op('i32.or')
      code.if(() => {
        code.get(value).set(best).get(place).set(position)
      })
      code.get(out).get(position).memory('i32.store')
      code
        .get(place)
        .i32(reverse ? -1 : 1)
        .op('i32.add')
        .set(place)
    },
  }
}
