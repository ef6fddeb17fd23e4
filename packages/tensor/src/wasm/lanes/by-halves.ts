import type { Code, Local } from '../code.ts'
import { temporaries, vectors } from './temporaries.ts'

const highHalf = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]
const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]

/**
 * Computes two lanes at a time, as float64 does: `compute` gets each operand's lanes 0 and 1, then 2 and 3, in the
 * low half of a local, and leaves its two 32-bit results in the low half of the top of the stack.
 */
export function byHalves(
  code: Code,
  operands: readonly Local[],
  out: Local,
  compute: (...low: readonly Local[]) => void,
): void {
  temporaries(code, first => {
    compute(...operands)
    code.set(first)
    vectors(code, operands.length, high => {
      for (const [i, operand] of operands.entries()) code.get(operand).get(operand).shuffle(highHalf).set(high[i])
      compute(...high)
    })
    code.set(out).get(first).get(out).shuffle(lowHalves).set(out)
  })
}
