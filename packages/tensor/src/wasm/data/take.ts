import type { AffineMap } from '../../graph/affine.ts'
import { denseWalk } from '../../reference/copy.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import { Words } from '../codegen/words.ts'
import type { Lowered } from '../lowered.ts'
import { copyMode, writeCopy } from './copy.ts'
import { bitsOf, type DataOperand, Frame, loadElement, storeElement, widthOf } from './frame.ts'
import { addRunWords, eachElement, elementsPerUnit, planRuns, writeRuns } from './runs.ts'

/** What `take` and `gather` read: buffers x, index, result. */
export interface LookUp {
  readonly x: DataOperand
  readonly index: DataOperand
  readonly shape: Shape
  readonly dim: number
}

const without = (map: AffineMap, dim: number): number[] => map.strides.map((stride, d) => (d === dim ? 0 : stride))

/**
 * Elements of x found by an index along one dim. Runs along which the index does not change are copied as a whole.
 * An index out of range is reported, and its elements are left as they are.
 */
function lowerLookUp(x: DataOperand, index: DataOperand, indexStrides: readonly number[], look: LookUp): Lowered {
  const { shape, dim } = look
  if (sizeOf(shape) === 0) return { phases: [], workspaceBytes: 0 }
  const width = widthOf(x.dtype)
  const runs = planRuns(shape, [
    { ...denseWalk(shape), width },
    { strides: without(x.map, dim), offset: x.map.offset, width },
    { strides: indexStrides, offset: index.map.offset, width: widthOf(index.dtype) },
  ])
  const words = new Words()
  const size = words.add(x.map.shape[dim])
  const along = words.add(x.map.strides[dim] * width)
  const layout = addRunWords(words, runs)
  const { inner, count } = runs.nest
  const whole = inner[2] === 0 && count > 1
  const mode = whole ? copyMode(inner[0], inner[1]) : 'strided'
  const phase = {
    key: `data look up ${width} ${index.dtype} ${whole ? mode : 'each'} ${layout.rank}`,
    words: words.finish(),
    units: runs.units,
    unitCost: 10 + elementsPerUnit(runs) * (whole && mode === 'dense' ? width / 16 : 2),
    scratchBytes: 0,
    write: (code: Frame['code']) => {
      const frame = new Frame(code, 3)
      const [limit, stride] = [frame.wordLocal(size), frame.wordLocal(along)]
      const place = code.local('i32')
      const bits = bitsOf(x.dtype)
      const bases = [() => frame.pointer(2), () => frame.pointer(0), () => frame.pointer(1)]
      writeRuns(frame, layout, bases, run => {
        const [to, from, at] = run.at
        const find = (found: () => void) =>
          code.block(skip => {
            loadElement(code.get(at), index.dtype).set(place)
            frame.checkIndex(place, limit, () => code.branch(skip))
            code.get(from).get(place).get(stride).op('i32.mul').op('i32.add').set(place)
            found()
          })
        if (whole) find(() => writeCopy(code, x.dtype, mode, { ...run, at: [to, place, at] }))
        else eachElement(code, run, () => find(() => storeElement(loadElement(code.get(to).get(place), bits), bits)))
      })
    },
  }
  return { phases: [phase], workspaceBytes: 0 }
}

/** Whole slices along a dim by a vector of indices. */
export function lowerTake(look: LookUp): Lowered {
  const { x, index, shape, dim } = look
  const strides = shape.map((_, d) => (d === dim ? index.map.strides[0] : 0))
  return lowerLookUp(x, index, strides, look)
}

/** One element along a dim for each element of the index, which has the result's shape. */
export const lowerGather = (look: LookUp): Lowered => lowerLookUp(look.x, look.index, look.index.map.strides, look)
