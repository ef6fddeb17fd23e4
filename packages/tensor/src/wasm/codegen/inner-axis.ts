import type { Local } from '../code.ts'
import type { Frame } from './frame.ts'
import { type Layout, type Pattern, patternOf } from './layout.ts'
import type { Words } from './words.ts'

/** How the cursors of a group move along the axis whose elements stand in lanes. */
export class InnerAxis {
  readonly #layout: Layout
  readonly #patterns: readonly Pattern[]
  /** Words of strides. */
  readonly #strides: readonly number[]
  /** Cursors whose lanes need addresses or positions of their own. */
  readonly #perLane: ReadonlySet<number>
  #strideLocals: Local[] = []
  #ramps: (Local | null)[] = []

  constructor(words: Words, layout: Layout, axis: number) {
    this.#layout = layout
    this.#patterns = layout.cursors.map(cursor => patternOf(cursor, axis))
    this.#strides = layout.cursors.map((cursor, c) =>
      this.#patterns[c] === 'strided' ? words.add(cursor.strides[axis]) : -1,
    )
    const { instructions } = layout.group
    this.#perLane = new Set(layout.cursorOf.filter((c, i) => c >= 0 && instructions[i].kind !== 'load'))
  }

  /** What decides the code. */
  get key(): string {
    return this.#patterns.map(pattern => pattern[0]).join('')
  }

  pattern(cursor: number): Pattern {
    return this.#patterns[cursor]
  }

  /** Holds a stride in bytes; for strided cursors only. */
  stride(cursor: number): Local {
    return this.#strideLocals[cursor]
  }

  /** Holds what the lanes of a cursor differ by, in bytes; null where they do not differ. */
  ramp(cursor: number): Local | null {
    return this.#ramps[cursor]
  }

  /** Reads strides into locals. */
  prepare(frame: Frame): void {
    const { code } = frame
    this.#strideLocals = this.#strides.map(word => (word < 0 ? -1 : frame.hold(word)))
    this.#ramps = this.#patterns.map((pattern, c) => {
      if (pattern === 'fixed' || !this.#perLane.has(c)) return null
      const { unit } = this.#layout.cursors[c]
      if (pattern === 'contiguous' && unit === 1) return frame.ramp
      const ramp = code.local('v128')
      code.get(frame.ramp)
      if (pattern === 'contiguous') code.i32x4(unit)
      else code.get(this.stride(c)).op('i32x4.splat')
      code.op('i32x4.mul').set(ramp)
      return ramp
    })
  }
}
