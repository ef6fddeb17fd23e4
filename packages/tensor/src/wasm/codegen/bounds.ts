import { isFloat } from '../../dtype.ts'
import type { Instruction } from '../../fusion/group.ts'
import type { Code, Local } from '../code.ts'
import { type Extreme, emitBounded, prepareBound } from '../lanes/bounded.ts'
import type { Layout } from './layout.ts'

/** A maximum or minimum of floats. */
type ExtremeOf = Extract<Instruction, { kind: 'binary' }> & { readonly f: Extreme }

const isExtreme = (instruction: Instruction): instruction is ExtremeOf =>
  instruction.kind === 'binary' &&
  (instruction.f === 'maximum' || instruction.f === 'minimum') &&
  isFloat(instruction.dtype)

/** The values that are one for all lanes and bound others, which are computed with less work then. */
export class Bounds {
  readonly #layout: Layout
  readonly #prepared: Record<Extreme, Map<number, Local>> = { maximum: new Map(), minimum: new Map() }

  constructor(layout: Layout) {
    this.#layout = layout
  }

  /** Prepares the value of an instruction, which stands in all lanes of `local`, for those that it bounds. */
  prepare(code: Code, i: number, local: Local): void {
    const { group, same } = this.#layout
    for (const instruction of group.instructions) {
      if (!isExtreme(instruction) || (same[instruction.a] === i) === (same[instruction.b] === i)) continue
      const prepared = this.#prepared[instruction.f]
      if (prepared.has(i)) continue
      const out = code.local('v128')
      prepareBound(code, instruction.f, local, out)
      prepared.set(i, out)
    }
  }

  /** Writes an instruction if it is an extreme with a bound; returns whether it has been. */
  emit(code: Code, instruction: Instruction, value: (i: number) => Local, out: Local): boolean {
    if (!isExtreme(instruction)) return false
    const { f, a, b } = instruction
    for (const [x, bound] of [
      [a, b],
      [b, a],
    ]) {
      const prepared = this.#prepared[f].get(this.#layout.same[bound])
      if (prepared === undefined) continue
      emitBounded(code, f, value(x), value(bound), prepared, out)
      return true
    }
    return false
  }
}
