import { type Access, type Group, joinDims } from '@surprisal/tensor/backend'
import type { Params } from './params.ts'

/** A dim that a kernel walks. */
interface WalkedAxis {
  readonly size: number
  readonly reduced: boolean
  /** The expression of its size. */
  readonly text: string
}

/** The space of a group with as few axes as its accesses allow, and the index expressions of the accesses. */
export class Space {
  readonly axes: readonly WalkedAxis[]
  readonly #strides: ReadonlyMap<Access, readonly number[]>
  readonly #params: Params
  readonly #indices = new Map<Access, string>()

  constructor({ space, reduced, instructions }: Group, params: Params) {
    const accesses = instructions.flatMap(instruction => ('access' in instruction ? [instruction.access] : []))
    const { axes, strides } = joinDims(
      space,
      reduced,
      accesses.map(access => access.strides),
    )
    this.axes = axes.map(axis => ({ ...axis, text: params.word(axis.size) }))
    this.#strides = new Map(accesses.map((access, i) => [access, strides[i]]))
    this.#params = params
  }

  /** Whether an access moves along reduced axes. */
  varies(access: Access): boolean {
    return this.#stridesOf(access).some((stride, a) => stride !== 0 && this.axes[a].reduced)
  }

  /**
   * Statements that find the coordinates `c0`, `c1`, ... of the kept or the reduced axes from a row-major number.
   * @param part which axes; all of them where it is null
   */
  coordinates(index: string, part: 'kept' | 'reduced' | null): string[] {
    const mine = this.axes.flatMap((axis, a) => (part === null || axis.reduced === (part === 'reduced') ? [a] : []))
    const rest = part === 'reduced' ? 'restOfReduced' : 'restOfKept'
    if (mine.length === 1) return [`let c${mine[0]} = ${index};`]
    const lines: string[] = []
    for (let at = mine.length - 1; at >= 0; at--) {
      const a = mine[at]
      const from = at === mine.length - 1 ? index : `${rest}${at}`
      if (at === 0) lines.push(`let c${a} = ${from};`)
      else
        lines.push(
          `let c${a} = ${from} % ${this.axes[a].text};`,
          `let ${rest}${at - 1} = ${from} / ${this.axes[a].text};`,
        )
    }
    return lines
  }

  /** Whether the last axis can be walked four elements at a time. */
  get isInFours(): boolean {
    return (this.axes.at(-1)?.size ?? 1) % 4 === 0
  }

  /** How an access moves along the last axis, walked so: over aligned fours of elements, not at all, or otherwise. */
  paceOf(access: Access): 'fours' | 'still' | 'other' {
    const strides = this.#stridesOf(access)
    if (strides.at(-1) === 0) return 'still'
    const aligned = access.offset % 4 === 0 && strides.slice(0, -1).every(stride => stride % 4 === 0)
    return aligned && strides.at(-1) === 1 ? 'fours' : 'other'
  }

  /** A statement that moves by `k` (u32) along the last axis, in a block of its own. */
  step(k: string): string {
    const last = `c${this.axes.length - 1}`
    return `let ${last} = ${last} + ${k};`
  }

  /** Where an access stands, as u32. @param base elements before the buffer's own in what is bound */
  index(access: Access, base: number): string {
    const known = this.#indices.get(access)
    if (known) return known
    const terms = [this.#params.word((access.offset + base) >>> 0)]
    this.#stridesOf(access).forEach((stride, a) => {
      if (stride === 1) terms.push(`c${a}`)
      else if (stride !== 0) terms.push(`c${a} * ${this.#params.word(stride >>> 0)}`)
    })
    const index = terms.join(' + ')
    this.#indices.set(access, index)
    return index
  }

  #stridesOf(access: Access): readonly number[] {
    return this.#strides.get(access) as readonly number[]
  }
}
