import type { Code, Local } from '../code.ts'
import { advance, times, whileBelow } from './loops.ts'
import type { Source } from './source.ts'
import { halves, interleave } from './transpose.ts'

/** Locals of a packing. */
export interface PackLocals {
  /** Table of the lines' addresses at depth 0, one a line of every panel. */
  readonly lines: Local
  /** Lines to pack; panels are rounded up. */
  readonly count: Local
  /** Table of offsets that the steps of depth add. */
  readonly steps: Local
  readonly depth: Local
  /** Packed elements a line, as many as cover `depth` or more. */
  readonly packedDepth: Local
  /** Where the panels go, one behind the other. */
  readonly to: Local
}

/** Stretches along lines that are transposed at a time where they are long. */
const longTurns = 4

/** A panel's lines in fours; the last may be half of one. */
const partsOf = (width: number): number[] => [0, 4, 8].filter(first => first < width)

/**
 * Copies lines into panels of `width`: a panel holds element 0 of its lines, then element 1 and so on, each of 4
 * bytes. Missing lines of the last panel hold anything, missing steps of depth zeros. Lines that are neighbours in
 * memory, four by four, are loaded side by side; lines whose next steps are neighbours are transposed in registers;
 * others are gathered. Which of them it is the tables say.
 */
export function writePack(code: Code, source: Source, width: number, locals: PackLocals): void {
  const { lines, count, packedDepth, to } = locals
  const [line, panelEnd, side] = [code.local('i32'), code.local('i32'), code.local('i32')]
  code.i32(0).set(line)
  code.get(to).set(panelEnd)
  whileBelow(code, line, count, width, () => {
    code
      .get(panelEnd)
      .get(packedDepth)
      .i32(width * 4)
      .op('i32.mul')
      .op('i32.add')
      .set(panelEnd)
    writeSideTest(code, source, width, lines)
    code.set(side)
    code.get(side).if(
      () => writeSideBySide(code, source, width, locals),
      () => writeAlong(code, source, width, locals),
    )
    // Zeros up to the panel's end.
    code.block(end => {
      code.loop(next => {
        code.get(to).get(panelEnd).op('i32.ge_u').branchIf(end)
        code.get(to).i32(0).memory('i32.store')
        advance(code, to, 4).branch(next)
      })
    })
    advance(code, lines, width * 4)
  })
}

/** Puts on the stack whether the lines of each four are neighbours in memory. */
function writeSideTest(code: Code, source: Source, width: number, lines: Local): void {
  const { bytes } = source
  for (const first of partsOf(width)) {
    code.get(lines).memory('v128.load', first * 4)
    code
      .get(lines)
      .memory('v128.load32_splat', first * 4)
      .i32x4(0, bytes, 2 * bytes, 3 * bytes)
      .op('i32x4.add')
    code.op('i32x4.eq')
    // Half of a four ends with lines of the next panel.
    if (width - first < 4) code.i32x4(0, 0, -1, -1).op('v128.or')
    code.op('i32x4.all_true')
    if (first > 0) code.op('i32.and')
  }
}

/** Stores the part of one step that is on the stack above its address. */
const storePart = (code: Code, width: number, first: number, at: number): Code =>
  width - first >= 4
    ? code.memory('v128.store', at + first * 4)
    : code.memoryLane('v128.store64_lane', 0, at + first * 4)

function writeSideBySide(code: Code, source: Source, width: number, { lines, steps, depth, to }: PackLocals): void {
  const heads = partsOf(width).map(first => {
    const head = code.local('i32')
    code
      .get(lines)
      .memory('i32.load', first * 4)
      .set(head)
    return { first, head }
  })
  const [step, left, few] = [code.local('i32'), code.local('i32'), code.local('i32')]
  const copy = (elements: number, missing = false) => {
    for (let at = 0; at < elements; at++)
      for (const { first, head } of heads) {
        code.get(to)
        source.loadSideBySide(code, head, step, at, missing)
        storePart(code, width, first, at * width * 4)
      }
    advance(code, step, elements * source.pair * 4)
    advance(code, to, elements * width * 4)
  }
  code.get(steps).set(step)
  code.get(depth).i32(source.pair).op('i32.div_u').set(left)
  code.get(left).i32(3).op('i32.and').set(few)
  code.get(left).i32(2).op('i32.shr_u').set(left)
  times(code, left, () => copy(4))
  times(code, few, () => copy(1))
  if (source.pair === 2)
    code
      .get(depth)
      .i32(1)
      .op('i32.and')
      .if(() => copy(1, true))
}

function writeAlong(code: Code, source: Source, width: number, locals: PackLocals): void {
  const { lines, steps, depth, to } = locals
  const stretch = 4 * source.pair
  const [step, left, now, limit] = Array.from({ length: 4 }, () => code.local('i32'))
  const pass = () => code.get(step).get(now).i32(4).op('i32.mul').op('i32.add').set(step)
  code.get(steps).set(step).get(depth).set(left)
  for (const turns of [longTurns, 1]) {
    code.i32(turns * stretch).set(now)
    code.block(end => {
      code.loop(next => {
        code.get(left).get(now).op('i32.lt_s').branchIf(end)
        writeAlongTest(code, source, step, turns * stretch)
        if (turns > 1) code.op('i32.eqz').branchIf(end)
        const transpose = () => writeTransposed(code, source, width, lines, step, to, turns)
        if (turns > 1) transpose()
        else
          code.if(transpose, () => {
            code.get(now).set(limit)
            writeGathered(code, source, width, lines, step, limit, to)
          })
        pass()
        code.get(left).get(now).op('i32.sub').set(left).branch(next)
      })
    })
  }
  code.get(left).if(() => writeGathered(code, source, width, lines, step, left, to))
}

/** Puts on the stack whether the next `count` steps are neighbours in memory. */
function writeAlongTest(code: Code, source: Source, step: Local, count: number): void {
  for (let first = 0; first < count; first += 4) {
    code
      .get(step)
      .memory('v128.load', first * 4)
      .get(step)
      .memory('v128.load32_splat')
    code.op('i32x4.sub')
    const [a, b, c, d] = [0, 1, 2, 3].map(i => (first + i) * source.bytes)
    code.i32x4(a, b, c, d).op('i32x4.eq')
    if (first > 0) code.op('v128.and')
  }
  code.op('i32x4.all_true')
}

/** Some times four packed elements of each line, loaded along the line. */
function writeTransposed(
  code: Code,
  source: Source,
  width: number,
  lines: Local,
  step: Local,
  to: Local,
  turns: number,
): void {
  const heads = Array.from({ length: width }, (_, i) => {
    const head = code.local('i32')
    code
      .get(lines)
      .memory('i32.load', i * 4)
      .get(step)
      .memory('i32.load')
      .op('i32.add')
      .set(head)
    return head
  })
  const vectors = Array.from({ length: 8 }, () => code.local('v128'))
  const [x0, x1, x2, x3, low, high, low2, high2] = vectors
  for (let turn = 0; turn < turns; turn++) {
    for (const first of partsOf(width)) {
      const whole = width - first >= 4
      const loaded = whole ? [x0, x1, x2, x3] : [x0, x1]
      loaded.forEach((x, i) => {
        source.loadAlong(code.get(heads[first + i]), turn * 4 * source.pair * source.bytes).set(x)
      })
      code.get(x0).get(x1).shuffle(interleave.low).set(low)
      code.get(x0).get(x1).shuffle(interleave.high).set(high)
      if (whole) {
        code.get(x2).get(x3).shuffle(interleave.low).set(low2)
        code.get(x2).get(x3).shuffle(interleave.high).set(high2)
      }
      for (let element = 0; element < 4; element++) {
        const [left, right] = element < 2 ? [low, low2] : [high, high2]
        const offset = ((turn * 4 + element) * width + first) * 4
        code.get(to).get(left)
        const upper = element % 2 === 1
        if (whole) code.get(right).shuffle(upper ? halves.high : halves.low)
        if (whole) code.memory('v128.store', offset)
        else code.memoryLane('v128.store64_lane', upper ? 1 : 0, offset)
      }
    }
  }
  advance(code, to, turns * 16 * width)
}

/** Element by element; uses up `count`, the steps of depth. */
function writeGathered(
  code: Code,
  source: Source,
  width: number,
  lines: Local,
  step: Local,
  count: Local,
  to: Local,
): void {
  const [at, offset, second] = Array.from({ length: 3 }, () => code.local('i32'))
  code.get(step).set(at)
  code.block(end => {
    code.loop(next => {
      code.get(count).i32(0).op('i32.le_s').branchIf(end)
      code.get(at).memory('i32.load').set(offset)
      if (source.pair === 2) code.get(at).memory('i32.load', 4).set(second)
      for (let i = 0; i < width; i++) {
        const address = (offset: Local) =>
          code
            .get(lines)
            .memory('i32.load', i * 4)
            .get(offset)
            .op('i32.add')
        code.get(to)
        address(offset).memory(source.loadOne)
        if (source.pair === 2) {
          code.i32(0xffff).op('i32.and')
          code.get(count).i32(1).op('i32.gt_s')
          code.if(
            () => address(second).memory(source.loadOne).i32(16).op('i32.shl'),
            () => code.i32(0),
            'i32',
          )
          code.op('i32.or')
        }
        code.memory('i32.store', i * 4)
      }
      advance(code, at, 4 * source.pair)
      advance(code, to, width * 4)
      code.get(count).i32(source.pair).op('i32.sub').set(count).branch(next)
    })
  })
}
