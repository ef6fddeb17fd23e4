import { type LoopNest, loopNest, type Walk } from '../../reference/nest.ts'
import type { Shape } from '../../shape.ts'
import type { Code, Local } from '../code.ts'
import type { Words } from '../codegen/words.ts'
import type { Frame } from './frame.ts'

/** An array that is walked, with strides in elements of `width` bytes. */
export interface WideWalk extends Walk {
  readonly width: number
}

/** Several arrays walked together in runs, of which long ones are cut so that threads can share them. */
export interface Runs {
  readonly nest: LoopNest
  readonly widths: readonly number[]
  /** The most elements of a run that one unit does. */
  readonly block: number
  readonly units: number
}

const mostElements = 8192

export function planRuns(shape: Shape, walks: readonly WideWalk[], block = mostElements): Runs {
  return cutRuns(
    loopNest(shape, walks),
    walks.map(walk => walk.width),
    block,
  )
}

/** The runs of a nest. */
export function cutRuns(nest: LoopNest, widths: readonly number[], block = mostElements): Runs {
  const lines = nest.outer.reduce((product, dim) => product * dim, 1)
  return { nest, widths, block, units: lines * Math.ceil(nest.count / block) }
}

/** How many elements a unit does on average. */
export const elementsPerUnit = ({ nest, block }: Runs): number => Math.min(block, nest.count)

/** Where the words of some runs stand, and all that their code depends on. */
export interface RunWords {
  readonly first: number
  readonly rank: number
  readonly walks: number
}

/** Words: count, block, blocks a line; start and inner step of each walk; then size and steps of each outer dim. */
export function addRunWords(words: Words, { nest, widths, block }: Runs): RunWords {
  const bytes = (list: readonly number[]) => list.map((value, k) => value * widths[k])
  const first = words.add(nest.count, block, Math.max(1, Math.ceil(nest.count / block)))
  words.add(...bytes(nest.start), ...bytes(nest.inner))
  nest.outer.forEach((size, d) => {
    words.add(size, ...bytes(nest.steps[d]))
  })
  return { first, rank: nest.outer.length, walks: widths.length }
}

/** One run in the code: how many elements, where each array is and how far apart in bytes its elements are. */
export interface Run {
  readonly count: Local
  readonly at: readonly Local[]
  readonly step: readonly Local[]
}

/** Visits the runs with numbers from `begin` to before `end`; `bases` push the addresses that walks start from. */
export function writeRuns(
  frame: Frame,
  { first, rank, walks }: RunWords,
  bases: readonly (() => Code)[],
  body: (run: Run) => void,
  [begin, end]: readonly [Local, Local] = [frame.begin, frame.end],
): void {
  const { code } = frame
  const local = () => code.local('i32')
  const [unit, line, skipped, count, place] = [local(), local(), local(), local(), local()]
  const step = bases.map((_, k) => frame.wordLocal(first + 3 + walks + k))
  const start = bases.map((base, k) => {
    const address = local()
    base()
    frame
      .word(first + 3 + k)
      .op('i32.add')
      .set(address)
    return address
  })
  const at = bases.map(local)
  const dimWords = (d: number) => first + 3 + 2 * walks + d * (1 + walks)
  code.get(begin).set(unit)
  code.block(done => {
    code.get(unit).get(end).op('i32.ge_u').branchIf(done)
    code.loop(next => {
      code.get(unit)
      frame
        .word(first + 2)
        .op('i32.div_u')
        .set(line)
      code.get(unit)
      frame.word(first + 2).op('i32.rem_u')
      frame
        .word(first + 1)
        .op('i32.mul')
        .set(skipped)
      frame.word(first).get(skipped).op('i32.sub').tee(count)
      frame.word(first + 1).get(count)
      frame
        .word(first + 1)
        .op('i32.lt_u')
        .select()
        .set(count)
      at.forEach((address, k) => {
        code.get(start[k]).get(skipped).get(step[k]).op('i32.mul').op('i32.add').set(address)
      })
      for (let d = rank - 1; d >= 0; d--) {
        const words = dimWords(d)
        code.get(line)
        if (d > 0) frame.word(words).op('i32.rem_u')
        code.set(place)
        if (d > 0) {
          code.get(line)
          frame.word(words).op('i32.div_u').set(line)
        }
        at.forEach((address, k) => {
          code.get(address).get(place)
          frame
            .word(words + 1 + k)
            .op('i32.mul')
            .op('i32.add')
            .set(address)
        })
      }
      body({ count, at, step })
      code.get(unit).i32(1).op('i32.add').tee(unit).get(end).op('i32.lt_u').branchIf(next)
    })
  })
}

/** Does the body for each element of a run, with the addresses moving on; they and the count are used up. */
export function eachElement(code: Code, { count, at, step }: Run, body: () => void): void {
  code.block(done => {
    code.get(count).op('i32.eqz').branchIf(done)
    code.repeat(count, () => {
      body()
      at.forEach((address, k) => {
        code.get(address).get(step[k]).op('i32.add').set(address)
      })
    })
  })
}
