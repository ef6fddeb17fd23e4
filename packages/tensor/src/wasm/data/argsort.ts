import type { DType } from '../../dtype.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import type { Local } from '../code.ts'
import { Words } from '../codegen/words.ts'
import type { Lowered } from '../lowered.ts'
import { type DataOperand, Frame, widthOf } from './frame.ts'
import { planLines } from './lines.ts'
import { countBytes, Pairs } from './pairs.ts'
import { addRunWords, eachElement, elementsPerUnit, writeRuns } from './runs.ts'
import { lowerSelection, selects } from './selection.ts'

/** What `argsort` orders: buffers x, result. */
export interface Argsort {
  readonly x: DataOperand
  /** Of the result, which has the first places of each line. */
  readonly shape: Shape
  readonly dim: number
  readonly descending: boolean
}

/** A longer line would need too much memory on each thread. */
const longestLine = 2 ** 22

/**
 * Stable order along a dim. NaN is the greatest and both zeros are equal. Few places of a long line are selected,
 * otherwise the line is sorted.
 * @returns null where the plain loops must do it
 */
export function lowerArgsort(sort: Argsort): Lowered | null {
  const { x, shape, dim, descending } = sort
  const n = x.map.shape[dim]
  if (x.dtype === 'float16') return null
  if (sizeOf(shape) === 0) return { phases: [], workspaceBytes: 0 }
  if (selects(shape[dim], n)) return lowerSelection(sort)
  if (n > longestLine) return null
  const widths = [4, widthOf(x.dtype)] as const
  const { runs, to, from } = planLines(x, shape, dim, widths, 1)
  const words = new Words()
  const first = words.add(n, to * widths[0], from * widths[1], shape[dim])
  const layout = addRunWords(words, runs)
  const phase = {
    key: `data argsort ${x.dtype} ${descending} ${layout.rank}`,
    words: words.finish(),
    units: runs.units,
    unitCost: 10 + elementsPerUnit(runs) * (1500 + 3 * n * (widths[1] + 2)),
    scratchBytes: countBytes + 16 * n,
    write: (code: Frame['code']) => {
      const frame = new Frame(code, 2)
      const line = new Sorter(frame, first, x.dtype, descending)
      writeRuns(frame, layout, [() => frame.pointer(1), () => frame.pointer(0)], run =>
        eachElement(code, run, () => line.sort(run.at[0], run.at[1])),
      )
    },
  }
  return { phases: [phase], workspaceBytes: 0 }
}

/** Writes the sort of one line. */
class Sorter {
  readonly #frame: Frame
  readonly #pairs: Pairs
  readonly #n: Local
  readonly #kept: Local
  readonly #stepTo: Local
  readonly #stepFrom: Local

  constructor(frame: Frame, words: number, dtype: DType, descending: boolean) {
    this.#frame = frame
    this.#n = frame.wordLocal(words)
    this.#kept = frame.wordLocal(words + 3)
    this.#stepTo = frame.wordLocal(words + 1)
    this.#stepFrom = frame.wordLocal(words + 2)
    this.#pairs = new Pairs(frame, dtype, descending, frame.code.local('i32'))
  }

  sort(to: Local, from: Local): void {
    const { code } = this.#frame
    const pairs = this.#pairs
    const { at, key, count, list } = pairs
    code.get(this.#n).set(count)
    pairs.begin(() => code.get(count).i32(3).op('i32.shl'))
    pairs.clearCounts()
    code.get(list).set(at)
    pairs.each(() => {
      pairs.readKey(from)
      code.get(at).get(key).memory('i32.store').get(at)
      pairs.pushVisited()
      code.memory('i32.store', 4)
      pairs.countKey()
      code.get(from).get(this.#stepFrom).op('i32.add').set(from)
    })
    pairs.sort()
    code.get(this.#kept).set(count)
    pairs.writePlaces(to, this.#stepTo)
  }
}
