import type { ScatterName } from '../../graph/node.ts'
import { denseWalk } from '../../reference/copy.ts'
import type { Walk } from '../../reference/nest.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import type { Code, Local } from '../code.ts'
import { Words } from '../codegen/words.ts'
import type { Lowered, Phase } from '../lowered.ts'
import { writeCombine } from './combine.ts'
import { copyPhase } from './copy.ts'
import { bitsOf, type DataOperand, Frame, loadElement, storeElement, widthOf } from './frame.ts'
import { addRunWords, eachElement, elementsPerUnit, planRuns, writeRuns } from './runs.ts'

/** What `scatter` writes: buffers base, index, source, result. */
export interface Scatter {
  readonly f: ScatterName
  readonly base: DataOperand
  /** Of the shape of source, which may be smaller than the base's. */
  readonly index: DataOperand
  readonly source: DataOperand
  readonly shape: Shape
  readonly dim: number
}

const across = ({ strides, offset }: Walk, dim: number): Walk => ({ strides: strides.with(dim, 0), offset })

/** Lines along the dim that one unit works on. */
const linesPerUnit = 64

/** Elements a line may have when it is gathered in float64. */
const longestLine = 2 ** 20

/**
 * Elements of the source put where the index says along a dim, over a copy of the base. What collides stands on one
 * line along the dim; a line is done by one thread in its order. Where several floats may be added or multiplied in
 * one place, the line is gathered in float64 and rounded once.
 * @returns null where the plain loops must do it
 */
export function lowerScatter(scatter: Scatter): Lowered | null {
  const { f, base, index, shape, dim } = scatter
  const { dtype } = base
  const rounds = (f === 'add' || f === 'mul') && (dtype === 'float32' || dtype === 'float16')
  if (dtype === 'float16' && f !== 'set') return null
  const wide = rounds && index.map.shape[dim] > 1
  if (wide && shape[dim] > longestLine) return null
  const to = denseWalk(shape)
  const copy = copyPhase({ dtype, shape, to, from: base.map, toBuffer: 3, fromBuffer: 0, buffers: 4 })
  const phases = [copy, linesPhase(scatter, wide)].filter(phase => phase !== null)
  return { phases, workspaceBytes: 0 }
}

function linesPhase({ f, base, index, source, shape, dim }: Scatter, wide: boolean): Phase | null {
  const moved = index.map.shape
  if (sizeOf(moved) === 0) return null
  const { dtype } = base
  const width = widthOf(dtype)
  const to = denseWalk(shape)
  const lines = moved.map((size, d) => (d === dim ? 1 : size))
  const runs = planRuns(
    lines,
    [
      { ...across(to, dim), width },
      { ...across(index.map, dim), width: widthOf(index.dtype) },
      { ...across(source.map, dim), width },
    ],
    linesPerUnit,
  )
  const words = new Words()
  const along = [
    to.strides[dim] * width,
    index.map.strides[dim] * widthOf(index.dtype),
    source.map.strides[dim] * width,
  ]
  const first = words.add(shape[dim], moved[dim], ...along)
  const layout = addRunWords(words, runs)
  const perLine = moved[dim] * 3 + (wide ? 2 * shape[dim] : 0)
  return {
    key: `data scatter ${f} ${dtype} ${index.dtype} ${wide} ${layout.rank}`,
    words: words.finish(),
    units: runs.units,
    unitCost: 10 + elementsPerUnit(runs) * (4 + perLine),
    scratchBytes: wide ? 8 * shape[dim] : 0,
    write: code => {
      const frame = new Frame(code, 4)
      const line = { frame, f, dtype, indexType: index.dtype, words: first }
      const bases = [3, 1, 2].map(buffer => () => frame.pointer(buffer))
      const write = wide ? wideLine(line) : narrowLine(line)
      writeRuns(frame, layout, bases, run => eachElement(code, run, () => write(run.at)))
    },
  }
}

interface Line {
  readonly frame: Frame
  readonly f: ScatterName
  readonly dtype: DataOperand['dtype']
  readonly indexType: DataOperand['dtype']
  /** Words: size of the dim, number of indices, and how far each array moves along the dim. */
  readonly words: number
}

/** Visits the indices of a line that are in range, with the place they name and the address of the source. */
function eachIndex(
  { frame, indexType, words }: Line,
  step: Local,
  [to, from, source]: readonly Local[],
  visit: (place: Local, source: Local) => void,
): void {
  const { code } = frame
  const [at, value, left, place] = [code.local('i32'), code.local('i32'), code.local('i32'), code.local('i32')]
  const size = code.local('i32')
  frame.word(words).set(size)
  code.get(from).set(at).get(source).set(value)
  frame.word(words + 1).set(left)
  code.repeat(left, () => {
    code.block(skip => {
      loadElement(code.get(at), indexType).set(place)
      frame.checkIndex(place, size, () => code.branch(skip))
      code.get(to).get(place).get(step).op('i32.mul').op('i32.add').set(place)
      visit(place, value)
    })
    code.get(at)
    frame
      .word(words + 3)
      .op('i32.add')
      .set(at)
    code.get(value)
    frame
      .word(words + 4)
      .op('i32.add')
      .set(value)
  })
}

/** A line whose places are changed where they are. */
function narrowLine(line: Line): (at: readonly Local[]) => void {
  const { frame, f, dtype, words } = line
  const { code } = frame
  const step = frame.wordLocal(words + 2)
  const bits = f === 'set' ? bitsOf(dtype) : dtype
  return at =>
    eachIndex(line, step, at, (place, source) => {
      code.get(place)
      if (f !== 'set') loadElement(code.get(place), bits)
      loadElement(code.get(source), bits)
      if (f !== 'set') writeCombine(code, f, dtype)
      storeElement(code, bits)
    })
}

/** A line that is gathered in float64 in the scratch memory. */
function wideLine(line: Line): (at: readonly Local[]) => void {
  const { frame, f, words } = line
  const { code } = frame
  const eight = code.local('i32')
  code.i32(8).set(eight)
  const [wide, narrow, left] = [code.local('i32'), code.local('i32'), code.local('i32')]
  const through = (to: Local, move: (code: Code) => void) => {
    code.get(frame.scratch).set(wide).get(to).set(narrow)
    frame.word(words).set(left)
    code.repeat(left, () => {
      move(code)
      code.get(wide).i32(8).op('i32.add').set(wide).get(narrow)
      frame
        .word(words + 2)
        .op('i32.add')
        .set(narrow)
    })
  }
  return ([to, from, source]) => {
    through(to, () => code.get(wide).get(narrow).memory('f32.load').op('f64.promote_f32').memory('f64.store'))
    eachIndex(line, eight, [frame.scratch, from, source], (place, value) => {
      code.get(place).get(place).memory('f64.load').get(value).memory('f32.load').op('f64.promote_f32')
      writeCombine(code, f, 'float32', true)
      code.memory('f64.store')
    })
    through(to, () => code.get(narrow).get(wide).memory('f64.load').op('f32.demote_f64').memory('f32.store'))
  }
}
