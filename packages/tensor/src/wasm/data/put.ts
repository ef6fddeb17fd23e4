import { denseWalk } from '../../reference/copy.ts'
import { loopNest } from '../../reference/nest.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import type { Code, Local } from '../code.ts'
import { Words } from '../codegen/words.ts'
import type { Lowered, Phase } from '../lowered.ts'
import { writeCombine } from './combine.ts'
import { copyMode, whileAtLeast, writeCopy } from './copy.ts'
import { type DataOperand, Frame, loadElement, storeElement, widthOf } from './frame.ts'
import { addRunWords, cutRuns, eachElement, elementsPerUnit, type Run, writeRuns } from './runs.ts'

/** What `put` writes: buffers base, index, source, result. */
export interface Put {
  readonly f: 'add' | 'set'
  readonly base: DataOperand
  /** A vector. */
  readonly index: DataOperand
  readonly source: DataOperand
  readonly shape: Shape
  readonly dim: number
}

/**
 * Whole slices added (or set) along a dim where a vector of indices says. The positions of the index are first sorted
 * by the slice they name, so that each slice is summed by one thread, in their order and in float64, and stored once.
 * @returns null where the plain loops must do it
 */
export function lowerPut(put: Put): Lowered | null {
  const { f, base, index, shape, dim } = put
  if (base.dtype === 'float16' && f === 'add') return null
  if (sizeOf(shape) === 0) return { phases: [], workspaceBytes: 0 }
  const [count] = index.map.shape
  return { phases: [sortPhase(put, count), slicesPhase(put)], workspaceBytes: 4 * (shape[dim] + 1 + count) }
}

/**
 * Workspace: for each slice of the result the end of its part of the order (the one before it is its start, and 0
 * stands in front), then the order.
 */
function sortPhase({ index, shape, dim }: Put, count: number): Phase {
  const words = new Words()
  words.add(shape[dim], count, index.map.offset * widthOf(index.dtype), index.map.strides[0] * widthOf(index.dtype))
  return {
    key: `data put order ${index.dtype}`,
    words: words.finish(),
    units: 1,
    unitCost: 20 + 3 * count + 2 * shape[dim],
    scratchBytes: 0,
    write: code => writeSort(new Frame(code, 4), index.dtype),
  }
}

function writeSort(frame: Frame, indexType: DataOperand['dtype']): void {
  const { code } = frame
  const local = () => code.local('i32')
  const [size, count] = [frame.wordLocal(0), frame.wordLocal(1)]
  const [ends, order, at, left, place, total, value] = [local(), local(), local(), local(), local(), local(), local()]
  code.get(frame.begin).get(frame.end).op('i32.ge_u')
  code.if(() => code.return())
  frame.pointer(4).i32(4).op('i32.add').set(ends)
  code.get(ends).get(size).i32(2).op('i32.shl').op('i32.add').set(order)
  code.get(ends).set(place).get(size).set(left)
  frame.pointer(4).i32(0).memory('i32.store')
  whileAtLeast(code, left, 1, () => {
    code.get(place).i32(0).memory('i32.store').get(place).i32(4).op('i32.add').set(place)
  })
  /** Visits the indices in range, with the address of their slice's end in `place`; `left` counts down. */
  const eachIndex = (wrong: () => void, visit: () => void): void => {
    frame.pointer(1)
    frame.word(2).op('i32.add').set(at)
    code.get(count).set(left)
    whileAtLeast(code, left, 1, () => {
      code.block(skip => {
        loadElement(code.get(at), indexType).set(value)
        code.get(value).get(size).op('i32.ge_u')
        code.if(() => {
          wrong()
          code.branch(skip)
        })
        code.get(ends).get(value).i32(2).op('i32.shl').op('i32.add').set(place)
        visit()
      })
      code.get(at)
      frame.word(3).op('i32.add').set(at)
    })
  }
  const addTo = (amount: () => void): void => {
    code.get(place).get(place).memory('i32.load')
    amount()
    code.op('i32.add').memory('i32.store')
  }
  eachIndex(
    () => frame.report(value),
    () => addTo(() => code.i32(1)),
  )
  // Each count becomes the start of its part; handing out the places of a part moves it to the part's end.
  code.get(ends).set(place).get(size).set(left)
  whileAtLeast(code, left, 1, () => {
    code.get(place).memory('i32.load').set(value).get(place).get(total).memory('i32.store')
    code.get(total).get(value).op('i32.add').set(total).get(place).i32(4).op('i32.add').set(place)
  })
  eachIndex(
    () => undefined,
    () => {
      code.get(order).get(place).memory('i32.load').i32(2).op('i32.shl').op('i32.add')
      code.get(count).get(left).op('i32.sub').memory('i32.store')
      addTo(() => code.i32(1))
    },
  )
}

/** Columns that one unit works on. */
const columnsPerUnit = 4096

function slicesPhase({ f, base, source, shape, dim }: Put): Phase {
  const { dtype } = base
  const width = widthOf(dtype)
  const to = denseWalk(shape)
  const slice = shape.with(dim, 1)
  const walks = [to, base.map, { strides: source.map.strides, offset: source.map.offset }]
  const nest = loopNest(slice, walks)
  // The slice's number is a walk of its own, in bytes of its end's place in the workspace.
  const runs = cutRuns(
    {
      ...nest,
      start: [...nest.start, 0],
      inner: [...nest.inner, 0],
      outer: [...nest.outer, shape[dim]],
      steps: [...nest.steps.map(step => [...step, 0]), [to.strides[dim], base.map.strides[dim], 0, 1]],
    },
    [width, width, width, 4],
    columnsPerUnit,
  )
  const words = new Words()
  const along = words.add(source.map.strides[dim] * width)
  const size = words.add(shape[dim])
  const layout = addRunWords(words, runs)
  const [so, sb, ss] = nest.inner
  const dense = so === 1 && sb === 1 && ss === 1
  const modes = nest.count === 1 ? ['strided', 'strided'] : [copyMode(so, sb), copyMode(so, ss)]
  return {
    key: `data put ${f} ${dtype} ${modes.join()} ${dense} ${layout.rank}`,
    words: words.finish(),
    units: runs.units,
    unitCost: 16 + elementsPerUnit(runs) * (dense ? 0.5 : 2) * Math.max(1, source.map.shape[dim] / shape[dim]),
    scratchBytes: 0,
    write: code => {
      const frame = new Frame(code, 4)
      const part = { frame, dtype, along: frame.wordLocal(along) }
      const local = () => code.local('i32')
      const [begin, end, order] = [local(), local(), local()]
      frame.pointer(4).i32(4).op('i32.add')
      frame.word(size).i32(2).op('i32.shl').op('i32.add').set(order)
      const bases = [() => frame.pointer(3), () => frame.pointer(0), () => frame.pointer(2), () => frame.pointer(4)]
      writeRuns(frame, layout, bases, run => {
        const [out, kept, added, slot] = run.at
        code.get(order).get(slot).memory('i32.load').i32(2).op('i32.shl').op('i32.add').set(begin)
        code.get(order).get(slot).memory('i32.load', 4).i32(2).op('i32.shl').op('i32.add').set(end)
        code.get(begin).get(end).op('i32.eq')
        code.if(
          () => writeCopy(code, dtype, modes[0] as 'dense', { ...run, at: [out, kept] }),
          () => {
            if (f === 'add') writeSums({ ...part, begin, end }, run, dense)
            else {
              code.get(added).get(end).i32(4).op('i32.sub').memory('i32.load')
              code.get(part.along).op('i32.mul').op('i32.add').set(added)
              writeCopy(code, dtype, modes[1] as 'dense', {
                count: run.count,
                at: [out, added],
                step: [run.step[0], run.step[2]],
              })
            }
          },
        )
      })
    },
  }
}

/** The rows that are added to one slice: `order` from `begin` to `end`, `along` bytes apart. */
interface Part {
  readonly frame: Frame
  readonly dtype: DataOperand['dtype']
  readonly along: Local
  readonly begin: Local
  readonly end: Local
}

/** Sums one run of a slice: sixteen dense floats at a time, others one by one. */
function writeSums(part: Part, run: Run, dense: boolean): void {
  const { code } = part.frame
  const [out, base, source] = run.at
  if (part.dtype === 'float32' && dense)
    whileAtLeast(code, run.count, 16, () => {
      writeTile(part, out, base, source)
      for (const address of [out, base, source]) code.get(address).i32(64).op('i32.add').set(address)
    })
  eachElement(code, { count: run.count, at: [out, base, source], step: run.step.slice(0, 3) }, () => {
    writeSum(part, out, base, source)
  })
}

/** Pushes the address of each row's element in turn for `add`. */
function eachRow({ frame, along, begin, end }: Part, source: Local, add: (row: Local) => void): void {
  const { code } = frame
  code.temporary('i32', at =>
    code.temporary('i32', row => {
      code.get(begin).set(at)
      code.loop(next => {
        code.get(source).get(at).memory('i32.load').get(along).op('i32.mul').op('i32.add').set(row)
        add(row)
        code.get(at).i32(4).op('i32.add').tee(at).get(end).op('i32.lt_u').branchIf(next)
      })
    }),
  )
}

/** Eight pairs of float64 sums in registers. */
function writeTile(part: Part, out: Local, base: Local, source: Local): void {
  const { code } = part.frame
  const sums = Array.from({ length: 8 }, () => code.local('v128'))
  const pair = (address: Local, i: number): Code =>
    code
      .get(address)
      .memory('v128.load64_zero', 8 * i)
      .op('f64x2.promote_low_f32x4')
  sums.forEach((sum, i) => {
    pair(base, i).set(sum)
  })
  eachRow(part, source, row => {
    sums.forEach((sum, i) => {
      pair(row, i).get(sum).op('f64x2.add').set(sum)
    })
  })
  sums.forEach((sum, i) => {
    code
      .get(out)
      .get(sum)
      .op('f32x4.demote_f64x2_zero')
      .memoryLane('v128.store64_lane', 0, 8 * i)
  })
}

function writeSum(part: Part, out: Local, base: Local, source: Local): void {
  const { dtype, frame } = part
  const { code } = frame
  const float = dtype === 'float32'
  const load = (address: Local): void => {
    loadElement(code.get(address), dtype)
    if (float) code.op('f64.promote_f32')
  }
  code.temporary(float ? 'f64' : 'i32', sum => {
    load(base)
    code.set(sum)
    eachRow(part, source, row => {
      code.get(sum)
      load(row)
      writeCombine(code, 'add', dtype, true)
      code.set(sum)
    })
    code.get(out).get(sum)
    if (float) code.op('f32.demote_f64')
    storeElement(code, dtype)
  })
}
