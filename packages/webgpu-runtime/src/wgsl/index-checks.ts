import { type Group, outOfRange } from '@surprisal/tensor/backend'

/** An index that kernels check, as its message names it. */
export interface IndexCheck {
  readonly op: string
  readonly dim: number
  readonly size: number
}

/** Words of the status buffer for each check: whether an index was wrong, and the greatest of those, taken as unsigned. */
export const wordsPerCheck = 2

export const isSameCheck = (a: IndexCheck, b: IndexCheck): boolean =>
  a.op === b.op && a.dim === b.dim && a.size === b.size

/** The indices that the lookups of a group are given. */
export function checksOf({ instructions }: Group): IndexCheck[] {
  const checks: IndexCheck[] = []
  for (const instruction of instructions) {
    if (instruction.kind !== 'lookup' || checks.some(known => isSameCheck(known, instruction))) continue
    const { op, dim, size } = instruction
    checks.push({ op, dim, size })
  }
  return checks
}

/**
 * The error that a plan ends with when an index was out of range, null when none was.
 * @param checks of its steps, one behind the other
 * @param status what their kernels have left of a buffer that was zero
 */
export function wrongIndex(checks: readonly IndexCheck[], status: Uint32Array): Error | null {
  const wrong = checks.findIndex((_, k) => status[k * wordsPerCheck] !== 0)
  if (wrong < 0) return null
  const { op, dim, size } = checks[wrong]
  return outOfRange(op, status[wrong * wordsPerCheck + 1] | 0, dim, size)
}
