import type { Local } from '../code.ts'
import { parameters } from './block.ts'
import type { ProductBlock } from './layout.ts'
import { advance, smaller, whileBelow } from './loops.ts'
import type { OperandCode } from './operand.ts'
import type { Tile } from './tile.ts'
import { transposeFour } from './transpose.ts'
import { takeDepth } from './units.ts'

/** Steps of depth in one turn: a whole line of the cache, a vector, or one. */
const turns = [16, 4, 1] as const

/** The operands of lines. */
export interface LinesOperands {
  /** Operands whose steps of depth lie along memory in runs; null where all of them do, perhaps as a copy. */
  readonly few: OperandCode | null
  readonly many: OperandCode | null
  /** Addresses of the few lines. */
  readonly factors: readonly Local[]
}

/** Locals of some lines. */
export interface LinesLocals {
  /** Where their addresses stand. */
  readonly line: Local
  readonly depth: Local
  /** Where the first result belongs; stands behind the results afterwards. */
  readonly out: Local
  /** How many lines there are at most. */
  readonly left: Local
}

/** Gives what multiplies some fours of lines, step of depth after step in runs that lie along memory. */
export function multiplierOf(block: ProductBlock, tile: Tile, fours: number, { few, many, factors }: LinesOperands) {
  const { code } = block
  const groups = Array.from({ length: fours }, () => ({
    rows: Array.from({ length: 4 }, () => code.local('i32')),
    sums: factors.map(() => code.local('v128')),
    values: Array.from({ length: 4 }, () => code.local('v128')),
  }))
  // A factor is loaded once for a pair; more values than a pair's would spill.
  const pairs = [groups.slice(0, 2), groups.slice(2)].filter(pair => pair.length > 0)
  const locals = Array.from({ length: 9 }, () => code.local('i32'))
  const [depthAt, steps, at, end, spare, run, from, factorFrom, limit] = locals
  const factor = code.local('v128')

  const multiply = (pair: typeof groups, steps: number, first: number) => {
    for (let step = 0; step < steps; step++)
      factors.forEach((pointer, f) => {
        code
          .get(pointer)
          .get(factorFrom)
          .op('i32.add')
          .memory('v128.load32_splat', (first + step) * 4)
          .set(factor)
        for (const { sums, values } of pair) {
          code.get(factor).get(values[step])
          tile.multiplyAdd(code, sums[f]).set(sums[f])
        }
      })
  }
  const takeFour = ({ rows, values }: (typeof groups)[number], first: number) => {
    rows.forEach((row, r) => {
      code
        .get(row)
        .get(from)
        .op('i32.add')
        .memory('v128.load', first * 4)
        .set(values[r])
    })
    transposeFour(code, values, values)
  }
  const takeOne = ({ rows, values: [value] }: (typeof groups)[number]) => {
    rows.forEach((row, r) => {
      code.get(row).get(from).op('i32.add')
      if (r === 0) code.memory('v128.load32_zero')
      else code.get(value).memoryLane('v128.load32_lane', r)
      code.set(value)
    })
  }
  const multiplyTurn = (turn: (typeof turns)[number]) => {
    for (const pair of pairs)
      for (let first = 0; first < turn; first += 4) {
        for (const group of pair)
          if (turn === 1) takeOne(group)
          else takeFour(group, first)
        multiply(pair, Math.min(turn, 4), first)
      }
  }
  /** Finds where the steps from `at` on stand, and shortens `run` to where a run of theirs ends. */
  const findRun = (operand: OperandCode | null, name: 'runLength' | 'fewRunLength', to: Local) => {
    if (!operand) {
      code.get(at).i32(4).op('i32.mul').set(to)
      return
    }
    block.get(name).get(at)
    block.get(name).op('i32.rem_u').op('i32.sub').set(limit)
    smaller(code, run, limit).set(run)
    operand.findStep(at, to)
  }
  const multiplyRun = () => {
    code.get(end).get(at).op('i32.sub').set(run)
    findRun(many, 'runLength', from)
    findRun(few, 'fewRunLength', factorFrom)
    code.get(at).get(run).op('i32.add').set(at)
    for (const turn of turns)
      code.block(done =>
        code.loop(next => {
          code.get(run).i32(turn).op('i32.lt_s').branchIf(done)
          multiplyTurn(turn)
          advance(code, from, turn * 4)
          advance(code, factorFrom, turn * 4)
          code.get(run).i32(turn).op('i32.sub').set(run).branch(next)
        }),
      )
  }

  return ({ line, depth, out, left }: LinesLocals): void => {
    groups.forEach(({ rows }, g) => {
      rows.forEach((row, r) => {
        code
          .get(line)
          .memory('i32.load', g * 16 + r * 4)
          .set(row)
      })
    })
    block.get('accumulate').if(() => exchange(block, groups.length, factors.length, out, left, 'load'))
    code.i32(0).set(depthAt).i32(0).set(at)
    code.loop(next => {
      for (const { sums } of groups) for (const sum of sums) code.i32x4(0).set(sum)
      takeDepth(block, depthAt, steps, spare)
      code.get(depthAt).get(steps).op('i32.add').set(end)
      whileBelow(code, at, end, 0, multiplyRun)
      // Blocks of depth are added one after the other to what there is.
      block.get('accumulate').get(depthAt).op('i32.or').set(spare)
      groups.forEach(({ sums }, g) => {
        sums.forEach((sum, f) => {
          const place = (g * factors.length + f) * 16
          code.get(parameters.scratch)
          code.get(spare).if(
            () => code.get(parameters.scratch).memory('v128.load', place).get(sum).op('f32x4.add'),
            () => code.get(sum),
            'v128',
          )
          code.memory('v128.store', place)
        })
      })
      block.get('depthBlock').get(depthAt).op('i32.add').tee(depthAt).get(depth).op('i32.lt_s').branchIf(next)
    })
    exchange(block, groups.length, factors.length, out, left, 'store')
  }
}

/** Moves results between scratch memory, in fours, and the result, of whose lines no more than `left` are touched. */
function exchange(
  block: ProductBlock,
  fours: number,
  count: number,
  out: Local,
  left: Local,
  direction: 'load' | 'store',
): void {
  const { code } = block
  const [to, columnBytes, limit, lines] = Array.from({ length: 4 }, () => code.local('i32'))
  block.get('columnBytes').set(columnBytes)
  code.get(out).set(to)
  code.i32(fours * 4).set(limit)
  smaller(code, left, limit).set(lines)
  code.block(end => {
    for (let line = 0; line < fours * 4; line++) {
      code.get(lines).i32(line).op('i32.le_s').branchIf(end)
      for (let f = 0; f < count; f++) {
        const place = (Math.floor(line / 4) * count + f) * 16 + (line % 4) * 4
        const address = () => {
          code.get(to)
          block.get('rowBytes').i32(f).op('i32.mul').op('i32.add')
        }
        if (direction === 'load') {
          code.get(parameters.scratch)
          address()
          code.memory('i32.load').memory('i32.store', place)
        } else {
          address()
          code.get(parameters.scratch).memory('i32.load', place).memory('i32.store')
        }
      }
      code.get(to).get(columnBytes).op('i32.add').set(to)
    }
  })
  if (direction === 'store') code.get(to).set(out)
}
