import type { DType } from '../../dtype.ts'
import type { Walk } from '../../reference/nest.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import type { Code, Local } from '../code.ts'
import { Words } from '../codegen/words.ts'
import type { Phase } from '../lowered.ts'
import { bitsOf, Frame, loadElement, storeElement, widthOf } from './frame.ts'
import { addRunWords, eachElement, elementsPerUnit, planRuns, type Run, writeRuns } from './runs.ts'

/** How the elements of a run are copied: side by side, one to many, or one by one. */
export type CopyMode = 'dense' | 'spread' | 'strided'

/** The mode for the steps of a run in elements. */
export const copyMode = (to: number, from: number): CopyMode =>
  to !== 1 ? 'strided' : from === 1 ? 'dense' : from === 0 ? 'spread' : 'strided'

/** Copies one run; addresses and count are used up. */
export function writeCopy(code: Code, dtype: DType, mode: CopyMode, run: Run): void {
  const { at, step, count } = run
  const [to, from] = at
  if (mode === 'strided') {
    eachElement(code, { count, at: [to, from], step: [step[0], step[1]] }, () => copyOne(code, dtype, to, from))
    return
  }
  const width = widthOf(dtype)
  code.temporary('v128', value => {
    if (mode === 'spread') {
      const splat = ({ 1: 'v128.load8_splat', 2: 'v128.load16_splat', 4: 'v128.load32_splat' } as const)[width as 1]
      code.get(from).memory(splat).set(value)
    }
    const perVector = 16 / width
    for (const vectors of [4, 1])
      whileAtLeast(code, count, vectors * perVector, () => {
        for (let v = 0; v < vectors; v++) {
          code.get(to)
          if (mode === 'dense') code.get(from).memory('v128.load', 16 * v)
          else code.get(value)
          code.memory('v128.store', 16 * v)
        }
        code
          .get(to)
          .i32(16 * vectors)
          .op('i32.add')
          .set(to)
        if (mode === 'dense')
          code
            .get(from)
            .i32(16 * vectors)
            .op('i32.add')
            .set(from)
      })
  })
  eachElement(code, { count, at: [to, from], step: [step[0], step[1]] }, () => copyOne(code, dtype, to, from))
}

function copyOne(code: Code, dtype: DType, to: Local, from: Local): void {
  const bits = bitsOf(dtype)
  code.get(to).get(from)
  storeElement(loadElement(code, bits), bits)
}

/** Repeats the body, each time with `size` less in `count`, while there is that much. */
export function whileAtLeast(code: Code, count: Local, size: number, body: () => void): void {
  code.block(done => {
    code.get(count).i32(size).op('i32.lt_u').branchIf(done)
    code.loop(next => {
      body()
      code.get(count).i32(size).op('i32.sub').tee(count).i32(size).op('i32.ge_u').branchIf(next)
    })
  })
}

/** Where a phase copies: strides and offsets in elements. */
export interface CopySpec {
  readonly dtype: DType
  readonly shape: Shape
  readonly to: Walk
  readonly from: Walk
  readonly toBuffer: number
  readonly fromBuffer: number
  /** How many buffers the kernel has. */
  readonly buffers: number
}

/** Copies a strided box to a strided box; null where there is nothing to copy. */
export function copyPhase({ dtype, shape, to, from, toBuffer, fromBuffer, buffers }: CopySpec): Phase | null {
  if (sizeOf(shape) === 0) return null
  const width = widthOf(dtype)
  const runs = planRuns(shape, [
    { ...to, width },
    { ...from, width },
  ])
  const words = new Words()
  // Parts of one result differ in the buffer they come from, not in their code.
  const source = words.add(4 * fromBuffer)
  const layout = addRunWords(words, runs)
  const mode = runs.nest.count === 1 ? 'strided' : copyMode(runs.nest.inner[0], runs.nest.inner[1])
  return {
    key: `data copy ${width} ${mode} ${layout.rank} ${toBuffer}/${buffers}`,
    words: words.finish(),
    units: runs.units,
    unitCost: 8 + elementsPerUnit(runs) * (mode === 'strided' ? 1 : width / 16),
    scratchBytes: 0,
    write: code => {
      const frame = new Frame(code, buffers)
      const fromAddress = () => frame.word(source).get(frame.args).op('i32.add').memory('i32.load', 8)
      writeRuns(frame, layout, [() => frame.pointer(toBuffer), fromAddress], run => {
        writeCopy(code, dtype, mode, run)
      })
    },
  }
}

/** Bytes that one unit of a fill writes. */
const fillBytes = 65536

/** Fills a dense buffer with the bits of one element. */
export function fillPhase(dtype: DType, size: number, bits: number, buffer: number, buffers: number): Phase | null {
  if (size === 0) return null
  const width = widthOf(dtype)
  const words = new Words()
  const block = fillBytes / width
  words.add(size, block, width === 4 ? bits : width === 2 ? bits * 0x10001 : (bits & 255) * 0x1010101)
  return {
    key: `data fill ${width} ${buffer}/${buffers}`,
    words: words.finish(),
    units: Math.ceil(size / block),
    unitCost: 8 + Math.min(size, block) * (width / 16),
    scratchBytes: 0,
    write: code => writeFill(code, width, buffer, buffers),
  }
}

function writeFill(code: Code, width: number, buffer: number, buffers: number): void {
  const frame = new Frame(code, buffers)
  const [to, count, last] = [code.local('i32'), code.local('i32'), code.local('i32')]
  const pattern = code.local('v128')
  frame.word(2).op('i32x4.splat').set(pattern)
  frame.pointer(buffer).get(frame.begin)
  frame.word(1).op('i32.mul').tee(count).i32(width).op('i32.mul').op('i32.add').set(to)
  code.get(frame.end)
  frame.word(1).op('i32.mul').tee(last)
  frame.word(0).get(last)
  frame.word(0).op('i32.lt_u').select().get(count).op('i32.sub').set(count)
  whileAtLeast(code, count, 16 / width, () => {
    code.get(to).get(pattern).memory('v128.store').get(to).i32(16).op('i32.add').set(to)
  })
  const store = ({ 1: 'i32.store8', 2: 'i32.store16', 4: 'i32.store' } as const)[width as 1]
  whileAtLeast(code, count, 1, () => {
    code.get(to)
    frame.word(2).memory(store)
    code.get(to).i32(width).op('i32.add').set(to)
  })
}
