import type { DType } from '../../dtype.ts'
import type { Code, Local } from '../code.ts'
import { narrowDoubles } from './doubles.ts'
import { shuffleLanes } from './gather.ts'

/** How many elements of a row are added in float32 before float64 takes over. */
export const sumBlock = 1024

/**
 * The sum of a row of floats, always by the same scheme: element `i` of a block goes to sum `i mod 16`, which are four
 * vectors; these are added (0 + 1) + (2 + 3), and so are the lanes then; the sums of blocks are added in order in
 * float64 and rounded once.
 */
export class BlockSum {
  readonly #sums: readonly Local[]
  readonly #total: Local

  constructor(code: Code) {
    this.#sums = [0, 1, 2, 3].map(() => code.local('v128'))
    this.#total = code.local('f64')
  }

  startRow(code: Code): void {
    code.f64(0).set(this.#total)
  }

  startBlock(code: Code): void {
    for (const sum of this.#sums) code.get(code.floats(0)).set(sum)
  }

  /** Takes the vector number `copy` of four. */
  take(code: Code, copy: number, x: Local): void {
    const sum = this.#sums[copy]
    code.get(sum).get(x).op('f32x4.add').set(sum)
  }

  /** Takes the next vector, where the sums take turns at the first place. */
  takeTurn(code: Code, x: Local): void {
    code.get(this.#sums[0]).get(x).op('f32x4.add')
    this.#turn(code)
  }

  /** Lets the sums move up; the new last one is on the stack. */
  #turn(code: Code): void {
    for (const sum of [1, 2, 3]) code.get(this.#sums[sum])
    code.set(this.#sums[2]).set(this.#sums[1]).set(this.#sums[0]).set(this.#sums[3])
  }

  /** Puts the sums back in order behind `turns`, which is used up. */
  turnBack(code: Code, turns: Local): void {
    code.block(done =>
      code.loop(again => {
        code.get(turns).i32(3).op('i32.and').op('i32.eqz').branchIf(done)
        code.get(this.#sums[0])
        this.#turn(code)
        code.get(turns).i32(1).op('i32.add').set(turns).branch(again)
      }),
    )
  }

  /** Leaves the sum of a block, a float32, on the stack. */
  blockSum(code: Code): Code {
    const [a, b, c, d] = this.#sums
    code.get(a).get(b).op('f32x4.add').get(c).get(d).op('f32x4.add').op('f32x4.add').tee(a)
    shuffleLanes(code, a, [1, 0, 3, 2]).op('f32x4.add').set(a)
    return code.get(a).lane('f32x4.extract_lane', 0).get(a).lane('f32x4.extract_lane', 2).op('f32.add')
  }

  /** Adds the sum of the next block, which `push` leaves on the stack. */
  addBlock(code: Code, push: () => void): void {
    code.get(this.#total)
    push()
    code.op('f64.promote_f32').op('f64.add').set(this.#total)
  }

  /** The sum in all lanes. */
  endRow(code: Code, dtype: DType, out: Local): void {
    code.temporary('v128', total => {
      code.get(this.#total).op('f64x2.splat').set(total)
      narrowDoubles(code, dtype, total, total, out)
    })
  }
}
